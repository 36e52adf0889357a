package dev.longhaul.mcp.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeliveryChoiceTest {
  private final DeliveryChoice choice =
      new DeliveryChoice(
          Duration.ofSeconds(1),
          Duration.ofHours(2),
          Duration.ofSeconds(50),
          Map.of("impatient", Duration.ofSeconds(10)));

  @ParameterizedTest
  @CsvSource({
    // inline, tasks, tool's hold, legacy client, delivery
    "true,  true,  ,     ,          Inline[]",
    "true,  false, ,     ,          Inline[]",
    "true,  false, PT7S, impatient, Inline[]",
    "false, true,  PT7S, ,          'AsTask[grace=PT1S, ttl=PT2H]'",
    "false, false, ,     ,          Held[hold=PT50S]",
    "false, false, ,     other,     Held[hold=PT50S]",
    "false, false, ,     impatient, Held[hold=PT10S]",
    "false, false, PT7S, ,          Held[hold=PT7S]",
    "false, false, PT0S, ,          Held[hold=PT0S]",
    "false, false, PT7S, other,     Held[hold=PT7S]",
    "false, false, PT7S, impatient, Held[hold=PT10S]",
    "false, false, PT2M, impatient, Held[hold=PT10S]"
  })
  void whatARequestAndItsToolSayDecidesTheDelivery(
      boolean inline,
      boolean tasks,
      @Nullable Duration toolHold,
      @Nullable String client,
      String delivery) {
    assertThat(choice.of(inline, tasks, toolHold, client)).hasToString(delivery);
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
