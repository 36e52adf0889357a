package dev.longhaul.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PriorityTest {
  @ParameterizedTest
  @CsvSource({
    "1000, 0",
    "21, 0",
    "20, 0",
    "19, 1",
    "10, 1",
    "9, 2",
    "1, 2",
    "0, 2",
    "-1, 3",
    "-10, 3",
    "-1000, 3"
  })
  void aNumberFallsIntoABand(int value, int band) {
    assertThat(new Priority(value).band()).isEqualTo(band);
  }

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
  void bandsHaveTheNamesOfTheirLowestPriority() {
    for (Priority priority :
        new Priority[] {Priority.URGENT, Priority.HIGH, Priority.DEFAULT, Priority.LOW}) {
      assertThat(Priority.bandName(priority.band())).isEqualTo(priority.wire());
    }
    assertThatThrownBy(() -> Priority.bandName(Priority.BANDS)).hasMessage("no band 4");
  }
}
