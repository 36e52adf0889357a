package dev.longhaul.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.security.ServedPaths;
import jakarta.servlet.ServletException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class RestErrorsTest {
  private static final ServedPaths FRONT_DOORS = ServedPaths.of(new MockEnvironment());
  private final MockHttpServletRequest request = new MockHttpServletRequest("GET", "/api/v1/jobs");
  private final MockHttpServletResponse response = new MockHttpServletResponse();

  @BeforeEach
  void atThisFrontDoor() {
    request.setServletPath("/api/v1/jobs");
  }

  @Test
  void anErrorInsideTheServerIsAProblemLikeAnyOther() throws Exception {
    // As Spring MVC passes it.
    var wrapped = new ServletException("Handler dispatch failed", new StackOverflowError("test"));

    assertThat(new RestErrors(FRONT_DOORS).resolveException(request, response, null, wrapped))
        .isNotNull();

    assertThat(response.getStatus()).isEqualTo(500);
    assertThat(response.getContentAsString()).contains("urn:longhaul:problem:internal-error");
  }

  @Test
  void memoryThatIsGoneIsNotAnsweredAway() {
    var wrapped = new ServletException("Handler dispatch failed", new OutOfMemoryError("test"));

    assertThatThrownBy(
            () -> new RestErrors(FRONT_DOORS).resolveException(request, response, null, wrapped))
        .isInstanceOf(OutOfMemoryError.class);
  }
}
