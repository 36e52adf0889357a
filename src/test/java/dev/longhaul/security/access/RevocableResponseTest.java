package dev.longhaul.security.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletResponse;

class RevocableResponseTest {
  private final MockHttpServletResponse sent = new MockHttpServletResponse();
  private final RevocableResponse response = new RevocableResponse(sent);

  @Test
  void nothingIsWrittenToARevokedResponseByItsWriterEither() throws Exception {
    var writer = response.getWriter();
    writer.write("before");
    response.flushBuffer();
    response.revoke(_ -> {
      throw new AssertionError("a part of it was sent");
    });
    writer.write("after");

    assertThat(writer.checkError()).isTrue();
    assertThat(sent.getContentAsString()).isEqualTo("before");
  }

  @Test
  void theRefusalReplacesWhatWasWrittenAndNotSent() throws Exception {
    response.getWriter().write("before");
    response.revoke(refused -> {
      refused.setStatus(401);
      refused.getOutputStream().print("refused");
    });

    assertThat(sent.getStatus()).isEqualTo(401);
    assertThat(sent.getContentAsString()).isEqualTo("refused");
  }
}
