package dev.longhaul.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PriorityTest {
  @ParameterizedTest
  @CsvSource({
    "urgent, 20",
    "high, 10",
    "default, 0",
    "low, -10",
    "7, 7",
    "-1000, -1000",
    "1000, 1000"
  })
  void namesAndNumbersAreRead(String text, int value) {
    assertThat(Priority.parse(text)).contains(new Priority(value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "URGENT", "1001", "-1001", "1.5", " 1", "99999999999", "medium"})
  void anythingElseIsNoPriority(String text) {
    assertThat(Priority.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1001, 1001})
  void aNumberOutOfRangeIsRefused(int value) {
    assertThatThrownBy(() -> new Priority(value))
        .hasMessage("priority must be -1000 to 1000, not " + value);
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 10, 0, -10, 11, -999})
  void whatIsWrittenIsReadBack(int value) {
    assertThat(Priority.parse(new Priority(value).wire())).contains(new Priority(value));
  }

  @Test
  void bandsHaveNames() {
    assertThat(IntStream.range(0, Priority.BANDS).mapToObj(Priority::bandName))
        .containsExactly("urgent", "high", "default", "low");
    assertThatThrownBy(() -> Priority.bandName(Priority.BANDS)).hasMessage("no band 4");
  }
}
