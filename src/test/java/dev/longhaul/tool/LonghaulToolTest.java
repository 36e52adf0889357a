package dev.longhaul.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.catalog.BreakerPolicy;
import dev.longhaul.catalog.PermanentExceptions;
import dev.longhaul.catalog.ToolPolicies;
import dev.longhaul.catalog.ToolPolicy;
import dev.longhaul.catalog.ToolSettings;
import dev.longhaul.catalog.ToolSettingsException;
import dev.longhaul.job.Limits;
import dev.longhaul.job.Priority;
import dev.longhaul.job.Rate;
import dev.longhaul.job.RetryPolicy;
import dev.longhaul.testing.Tools;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import tools.jackson.databind.node.ObjectNode;

/** The annotation of a tool, its override by configuration, and invalid values. */
class LonghaulToolTest {
  private final StandardEnvironment environment = new StandardEnvironment();

  @LonghaulTool(
      execution = Execution.AUTO,
      queue = "reports",
      priority = "high",
      timeout = "10m",
      hold = "20s",
      attempts = 4,
      backoff = {"5s", "PT1M"},
      permanentExceptions = {IOException.class, IllegalStateException.class},
      repeatable = true,
      concurrency = 2,
      rate = "10/s",
      cache = "5m",
      estimate = "90s",
      breakerFailures = 0,
      breakerOpen = "30s",
      taskSupport = TaskSupport.FORBIDDEN)
  void everything() {}

  @LonghaulTool
  void nothing() {}

  @LonghaulTool(queue = " ")
  void queue() {}

  @LonghaulTool(priority = "soon")
  void priority() {}

  @LonghaulTool(timeout = "ten minutes")
  void timeout() {}

  @LonghaulTool(timeout = "99999999999999999999s")
  void endlessTimeout() {}

  @LonghaulTool(timeout = "0s")
  void noTimeout() {}

  @LonghaulTool(hold = "-1s")
  void hold() {}

  @LonghaulTool(attempts = 0)
  void attempts() {}

  @LonghaulTool(attempts = {1, 2})
  void twoAttempts() {}

  @LonghaulTool(backoff = {"1s", "later"})
  void backoff() {}

  @LonghaulTool(concurrency = 0)
  void concurrency() {}

  @LonghaulTool(rate = "often")
  void rate() {}

  @LonghaulTool(cache = "366d")
  void cache() {}

  @LonghaulTool(estimate = "0s")
  void estimate() {}

  @LonghaulTool(breakerFailures = 1001)
  void breakerFailures() {}

  @LonghaulTool(slowAfter = "-1s")
  void slowAfter() {}

  @LonghaulTool(breakerOpen = "0s")
  void breakerOpen() {}

  @LonghaulTool(execution = Execution.INLINE, taskSupport = TaskSupport.REQUIRED)
  void taskSupport() {}

  @Test
  void theAnnotationHasEveryAttributeThatConfigurationHas() {
    assertThat(Arrays.stream(LonghaulTool.class.getDeclaredMethods()).map(Method::getName))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(ToolSettings.class.getRecordComponents())
                .map(RecordComponent::getName)
                .toList());
  }

  @Test
  void whatTheAuthorSaysIsTheTools() {
    assertThat(policy("everything"))
        .isEqualTo(
            new ToolPolicy(
                Execution.AUTO,
                "reports",
                Priority.HIGH,
                Duration.ofMinutes(10),
                new RetryPolicy(4, List.of(Duration.ofSeconds(5), Duration.ofMinutes(1)), true),
                false,
                new Limits(2, Rate.parse("10/s").orElseThrow(), null),
                new BreakerPolicy(0, Duration.ofSeconds(30)),
                TaskSupport.FORBIDDEN,
                new ToolPolicy.Times(
                    Duration.ofSeconds(20), Duration.ofMinutes(5), Duration.ofSeconds(90)),
                new PermanentExceptions(List.of(IOException.class, IllegalStateException.class))));
  }

  @Test
  void anAuthorWhoSaysNothingLeavesTheDefaults() {
    assertThat(policy("nothing"))
        .isEqualTo(new ToolPolicies(environment).of(description("nothing")));
    assertThat(policy("nothing").times())
        .isEqualTo(new ToolPolicy.Times(null, null, Duration.ofSeconds(5)));
  }

  @Test
  void configurationWinsAttributeByAttribute() {
    configure(
        Map.of(
            "longhaul.tools.everything.execution", "queued",
            "longhaul.tools.everything.queue", "slow",
            "longhaul.tools.everything.hold", "0s",
            "longhaul.tools.everything.cache", "0s",
            "longhaul.tools.everything.estimate", "7s",
            "longhaul.tools.everything.repeatable", "false",
            "longhaul.tools.everything.backoff", "1s",
            "longhaul.tools.everything.task-support", "optional"));
    ToolPolicy policy = policy("everything");
    assertThat(policy.execution()).isEqualTo(Execution.QUEUED);
    assertThat(policy.queue()).isEqualTo("slow");
    assertThat(policy.times())
        .isEqualTo(new ToolPolicy.Times(Duration.ZERO, null, Duration.ofSeconds(7)));
    assertThat(policy.retry()).isEqualTo(new RetryPolicy(4, List.of(Duration.ofSeconds(1)), false));
    assertThat(policy.taskSupport()).isEqualTo(TaskSupport.OPTIONAL);
    assertThat(policy.priority()).isEqualTo(Priority.HIGH);
    assertThat(policy.timeout()).isEqualTo(Duration.ofMinutes(10));
  }

  @ParameterizedTest
  @CsvSource({
    "queue, queue, ' ', use a name of 1 to 100 characters.",
    "priority, priority, soon, 'use urgent, high, default, low or a number from -1000 to 1000.'",
    "timeout, timeout, ten minutes, 'use a duration such as 90s, 10m or PT1H30M.'",
    "endlessTimeout, timeout, 99999999999999999999s,"
        + " 'use a duration such as 90s, 10m or PT1H30M.'",
    "noTimeout, timeout, PT0S, 'use a duration from 1ms to 365d, such as 60s.'",
    "hold, hold, PT-1S, 'use a duration from 0s to 365d, such as 60s.'",
    "attempts, attempts, 0, use 1 to 100.",
    "twoAttempts, attempts, 2 values, 'give one value, without braces.'",
    "backoff, backoff, later, 'use a duration such as 90s, 10m or PT1H30M.'",
    "concurrency, concurrency, 0, use a whole number from 1.",
    "rate, rate, often, 'use calls per time, such as 10/s, 100/m or 5/30s.'",
    "cache, cache, PT8784H, 'use a duration from 0s to 365d, such as 60s.'",
    "estimate, estimate, PT0S, 'use a duration from 1ms to 365d, such as 60s.'",
    "breakerFailures, breakerFailures, 1001, use 0 (never open) to 1000.",
    "slowAfter, slowAfter, PT-1S, 'use a duration from 0s to 365d, such as 60s.'",
    "breakerOpen, breakerOpen, PT0S, 'use a duration from 1ms to 365d, such as 60s.'",
    "taskSupport, taskSupport, required, 'a tool that runs inline is never a task; set"
        + " longhaul.tools.taskSupport.task-support to forbidden, or its execution to queued or"
        + " auto.'",
  })
  void aSenselessValueIsRefusedByToolAndAttribute(
      String method, String attribute, String value, String advice) {
    assertThatThrownBy(() -> policy(method))
        .isInstanceOfSatisfying(
            ToolSettingsException.class,
            e -> assertThat(e.action()).contains("at Reports." + method))
        .hasMessage(
            "@LonghaulTool(%s) of the tool %s is '%s'; %s"
                .formatted(attribute, method, value, advice));
  }

  @Test
  void aSenselessValueIsRefusedAlsoWhereConfigurationWins() {
    configure(Map.of("longhaul.tools.rate.rate", "1/s"));
    assertThatThrownBy(() -> policy("rate")).hasMessageContaining("@LonghaulTool(rate)");
  }

  @ParameterizedTest
  @CsvSource({
    "timeout, 0s, 'use a duration from 1ms to 365d, such as 60s.', PT0S",
    "hold, -1s, 'use a duration from 0s to 365d, such as 60s.', PT-1S",
    "attempts, 101, use 1 to 100., 101",
    "estimate, 0s, 'use a duration from 1ms to 365d, such as 60s.', PT0S",
    "cache, -1s, 'use a duration from 0s to 365d, such as 60s.', PT-1S",
  })
  void aSenselessSettingIsRefusedByItsName(
      String setting, String value, String advice, String shown) {
    configure(Map.of("longhaul.tools.nothing." + setting, value));
    assertThatThrownBy(() -> policy("nothing"))
        .isInstanceOf(ToolSettingsException.class)
        .hasMessage("longhaul.tools.nothing.%s is '%s'; %s".formatted(setting, shown, advice));
  }

  private ToolPolicy policy(String method) {
    try {
      LonghaulTool annotation =
          Objects.requireNonNull(
              LonghaulToolTest.class.getDeclaredMethod(method).getAnnotation(LonghaulTool.class));
      return new ToolPolicies(environment).of(description(method), annotation, "Reports." + method);
    } catch (NoSuchMethodException e) {
      throw new AssertionError(e);
    }
  }

  private static ObjectNode description(String name) {
    return Tools.object("{}").put("name", name);
  }

  private void configure(Map<String, Object> settings) {
    environment.getPropertySources().addFirst(new MapPropertySource("test", settings));
  }
}
