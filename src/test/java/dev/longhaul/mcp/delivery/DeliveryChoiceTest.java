package dev.longhaul.mcp.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeliveryChoiceTest {
  private final DeliveryChoice choice =
      new DeliveryChoice(Duration.ofSeconds(1), Duration.ofHours(2));

  @ParameterizedTest
  @CsvSource({
    // inline, tasks, hold, delivery
    "true,  true,  PT7S, Inline[]",
    "true,  false, PT7S, Inline[]",
    "false, true,  PT7S, 'AsTask[grace=PT1S, ttl=PT2H]'",
    "false, false, PT7S, Held[hold=PT7S]",
    "false, false, PT0S, Held[hold=PT0S]"
  })
  void whatARequestAndItsToolSayDecidesTheDelivery(
      boolean inline, boolean tasks, Duration hold, String delivery) {
    assertThat(choice.of(inline, tasks, () -> hold)).hasToString(delivery);
  }

  @ParameterizedTest
  @CsvSource({"true, true", "true, false", "false, true"})
  void whatIsKnownOfAClientIsNotLookedUpWhereItIsNotHeld(boolean inline, boolean tasks) {
    assertThatNoException()
        .isThrownBy(() ->
            choice.of(
                inline,
                tasks,
                () -> {
                  throw new AssertionError("looked up");
                }));
  }

  @ParameterizedTest
  @CsvSource({
    // end, as task, disconnect cancels, next step
    "FINISHED,         true,  true,  RESULT",
    "FINISHED,         true,  false, RESULT",
    "FINISHED,         false, true,  RESULT",
    "FINISHED,         false, false, RESULT",
    "TIME_OVER,        true,  true,  TASK",
    "TIME_OVER,        true,  false, TASK",
    "TIME_OVER,        false, true,  HAND_OVER",
    "TIME_OVER,        false, false, HAND_OVER",
    "CLIENT_GONE,      true,  true,  ABANDON",
    "CLIENT_GONE,      true,  false, LEAVE",
    "CLIENT_GONE,      false, true,  ABANDON",
    "CLIENT_GONE,      false, false, LEAVE",
    "CLIENT_CANCELLED, true,  true,  ABANDON",
    "CLIENT_CANCELLED, true,  false, ABANDON",
    "CLIENT_CANCELLED, false, true,  ABANDON",
    "CLIENT_CANCELLED, false, false, ABANDON",
    "CLIENT_TIMED_OUT, true,  false, LEAVE",
    "CLIENT_TIMED_OUT, false, false, LEAVE",
    "TAKEN_OVER,       true,  true,  NOTHING",
    "TAKEN_OVER,       false, false, NOTHING",
    "SHUTTING_DOWN,    true,  true,  TASK",
    "SHUTTING_DOWN,    true,  false, TASK",
    "SHUTTING_DOWN,    false, true,  HAND_OVER",
    "SHUTTING_DOWN,    false, false, HAND_OVER"
  })
  void theEndOfAWaitDecidesWhatTheClientGets(
      WaitEnd end, boolean asTask, boolean disconnectCancels, NextStep step) {
    assertThat(NextStep.after(end, asTask, disconnectCancels)).isEqualTo(step);
  }
}
