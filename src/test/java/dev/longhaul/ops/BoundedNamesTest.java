package dev.longhaul.ops;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BoundedNamesTest {
  @Test
  void beyondTheLimitNamesAreOther() {
    var names = new BoundedNames(2);
    assertThat(names.bounded("a")).isEqualTo("a");
    assertThat(names.bounded("b")).isEqualTo("b");
    assertThat(names.bounded("c")).isEqualTo("other");
    assertThat(names.bounded("a")).isEqualTo("a");
  }
}
