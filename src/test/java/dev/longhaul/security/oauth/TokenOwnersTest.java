package dev.longhaul.security.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TokenOwnersTest {
  @Test
  void subjectsOfTheFirstIssuerAreOwnersAsTheyWereAndThoseOfAnotherAreOthers() {
    var first = new TokenOwners("https://one.example", _ -> "https://one.example");
    var second = new TokenOwners("https://two.example", _ -> "https://one.example");
    var third = new TokenOwners("https://three.example", _ -> "https://one.example");

    assertThat(first.owner("alice")).isEqualTo("alice");
    assertThat(second.owner("alice")).startsWith("lh:oauth:").endsWith(":alice");
    assertThat(third.owner("alice")).isNotEqualTo(second.owner("alice"));
  }

  @Test
  void noSubjectIsTheOwnerOfSomebodyElse() {
    var first = new TokenOwners("https://one.example", _ -> "https://one.example");

    for (String subject :
        new String[] {
          "lh:key:alice:1", "principal:local", "principal:application", "principal:lh:key:alice:1"
        }) {
      assertThat(first.owner(subject)).startsWith("lh:oauth:").endsWith(subject);
    }
  }
}
