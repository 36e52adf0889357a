package dev.longhaul.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The tokens of owners: kept, renewed and forgotten. */
class OwnerTokensTest {
  private final List<String> asked = new ArrayList<>();
  private long nanos;
  private final OwnerTokens tokens =
      new OwnerTokens(
          owner -> {
            asked.add(owner);
            return new AccessToken(owner + "-" + asked.size(), Duration.ofMinutes(10));
          },
          () -> nanos);

  @Test
  void eachOwnerHasATokenUntilALittleBeforeItsEnd() {
    assertThat(tokens.get("alice", false)).isEqualTo("alice-1");
    assertThat(tokens.get("bob", false)).isEqualTo("bob-2");
    nanos = Duration.ofMinutes(9).toNanos();
    assertThat(tokens.get("alice", false)).isEqualTo("alice-1");
    nanos = Duration.ofSeconds(575).toNanos();
    assertThat(tokens.get("alice", false)).isEqualTo("alice-3");
  }

  @Test
  void aRefusedTokenIsRenewedOnceAndOnlyForItsOwner() {
    tokens.get("alice", false);
    tokens.get("bob", false);
    nanos = Duration.ofSeconds(10).toNanos();
    assertThat(tokens.get("alice", true)).isEqualTo("alice-3");
    assertThat(tokens.get("alice", true)).as("a fresh one is not replaced").isEqualTo("alice-3");
    assertThat(tokens.get("bob", false)).isEqualTo("bob-2");
  }

  @Test
  void thoseUsedLeastRecentlyAreForgotten() {
    tokens.get("first", false);
    for (int i = 0; i < OwnerTokens.MOST; i++) {
      tokens.get("owner-" + i, false);
    }
    assertThat(tokens.get("owner-999", false)).isEqualTo("owner-999-1001");
    assertThat(tokens.get("first", false)).isEqualTo("first-1002");
  }
}
