package dev.longhaul.gateway.auth.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What an upstream says in WWW-Authenticate. */
class ChallengeTest {
  private static Challenge of(String... headers) {
    return Challenge.of(List.of(headers));
  }

  @Test
  void theParametersOfBearerAreRead() {
    assertThat(of("Bearer resource_metadata=\"https://a.example/m?x=1,2\", scope=\"read write\""))
        .isEqualTo(new Challenge("https://a.example/m?x=1,2", "read write"));
    assertThat(of("bearer realm=\"a \\\"quoted\\\" one, Basic x\" , Scope=read"))
        .isEqualTo(new Challenge(null, "read"));
    assertThat(of("Bearer")).isEqualTo(Challenge.NONE);
  }

  @Test
  void otherSchemesAreNotMistakenForIt() {
    assertThat(of("Basic realm=\"Bearer scope=x\"", "Bearer scope=\"read\""))
        .isEqualTo(new Challenge(null, "read"));
    assertThat(of("Basic realm=\"x\", Bearer scope=\"read\", Digest scope=\"other\""))
        .isEqualTo(new Challenge(null, "read"));
    assertThat(of("BearerX scope=read")).isEqualTo(Challenge.NONE);
    assertThat(Challenge.asksForToken("Basic realm=\"Bearer\"")).isFalse();
    assertThat(Challenge.asksForToken("Bearer error=\"invalid_token\"")).isTrue();
    assertThat(Challenge.asksForToken("")).as("nothing in particular").isTrue();
  }

  @Test
  void whatIsBrokenOrTooLongHasNoParameters() {
    assertThat(of("Bearer scope=\"never ends")).isEqualTo(Challenge.NONE);
    assertThat(of("Bearer scope=\"" + "x".repeat(10_000) + "\"")).isEqualTo(Challenge.NONE);
    assertThat(of("Bearer =,=,\"\"")).isEqualTo(Challenge.NONE);
  }
}
