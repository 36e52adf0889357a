package dev.longhaul.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobIdTest {
  private static final long TIME = 1_795_248_000_123L;

  @Test
  void anIdKeepsItsTimeAndItsShard() {
    for (long millis : new long[] {0, 1, TIME, (1L << 50) - 1}) {
      for (int shard : new int[] {0, 1, 31, 32, 1023}) {
        JobId id = JobId.create(millis, shard);
        assertThat(id.epochMillis()).isEqualTo(millis);
        assertThat(id.shard()).isEqualTo(shard);
        assertThat(new JobId(id.toString())).isEqualTo(id);
      }
    }
  }

  @Test
  void idsSortByAgeWhateverTheirShard() {
    JobId older = JobId.create(TIME, 1023);
    JobId newer = JobId.create(TIME + 1, 0);
    assertThat(older).isLessThan(newer);
    assertThat(older.value()).isLessThan(newer.value());
    assertThat(JobId.create(31, 0)).isLessThan(JobId.create(32, 0));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1024, Integer.MAX_VALUE})
  void aShardOutOfRangeIsRefused(int shard) {
    assertThatThrownBy(() -> JobId.create(TIME, shard))
        .hasMessage("shard must be 0 to 1023, not " + shard);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "0123456789abcdefghjkmnpqrstvwxyz01234", // 37
        "0123456789abcdefghjkmnpqrstvwxyz0123456", // 39
        "0123456789ABCDEFGHJKMNPQRSTVWXYZ012345", // upper case
        "i123456789abcdefghjkmnpqrstvwxyz012345",
        "l123456789abcdefghjkmnpqrstvwxyz012345",
        "o123456789abcdefghjkmnpqrstvwxyz012345",
        "u123456789abcdefghjkmnpqrstvwxyz012345",
        "0123456789abcdefghjkmnpqrstvwxyz01234\n",
        "0123456789abcdefghjkmnpqrstvwxyz0123*5",
        "0123456789abcdefghjkmnpqrstvwxyz0123é5"
      })
  void anotherShapeIsNoId(String text) {
    assertThat(JobId.isValid(text)).isFalse();
    assertThatThrownBy(() -> new JobId(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theRightShapeIsAnIdWhetherOrNotAJobHasIt() {
    assertThat(JobId.isValid("0123456789abcdefghjkmnpqrstvwxyz012345")).isTrue();
  }

  @Test
  void atLeast128BitsOfAnIdCannotBeGuessed() {
    // Every character after time and shard takes each of its 32 values: 26 × 5 = 130 bits.
    Set<String> seen = new HashSet<>();
    Set<String> ids = new HashSet<>();
    for (int n = 0; n < 2_000; n++) {
      String id = JobId.create(TIME, 7).value();
      ids.add(id);
      IntStream.range(12, 38).forEach(at -> seen.add(at + ":" + id.charAt(at)));
    }
    assertThat(ids).hasSize(2_000);
    assertThat(seen).hasSize(26 * 32);
  }
}
