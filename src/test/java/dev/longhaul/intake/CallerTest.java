package dev.longhaul.intake;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CallerTest {
  @Test
  void noPrincipalIsTheLocalCallerOrTheApplication() {
    assertThat(Caller.named("local")).isNotEqualTo(Caller.LOCAL);
    assertThat(Caller.named("application")).isNotEqualTo(Caller.APPLICATION);
    assertThat(Caller.named("zoe")).isEqualTo(new Caller("zoe"));
  }
}
