package dev.longhaul.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.job.Limits;
import dev.longhaul.job.Priority;
import dev.longhaul.job.Rate;
import dev.longhaul.job.RetryPolicy;
import dev.longhaul.testing.Tools;
import dev.longhaul.tool.Execution;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;
import tools.jackson.databind.node.ObjectNode;

class ToolPoliciesTest {
  private final StandardEnvironment environment = new StandardEnvironment();

  @Test
  void aToolThatSaysNothingRunsOnceOnAWorker() {
    ToolPolicy policy = policy(described("export", ""));
    assertThat(policy)
        .isEqualTo(
            ToolPolicy.of(Execution.QUEUED, Duration.ofMinutes(5))
                .retry(new RetryPolicy(1, RetryPolicy.DEFAULT_BACKOFF, false))
                .build());
  }

  @ParameterizedTest
  @ValueSource(strings = {"readOnlyHint", "idempotentHint"})
  void aToolThatSaysItIsHarmlessToRepeatGetsThreeAttempts(String hint) {
    RetryPolicy retry = policy(described("export", "\"" + hint + "\":true")).retry();
    assertThat(retry.repeatable()).isTrue();
    assertThat(retry.maxAttempts()).isEqualTo(3);
  }

  @Test
  void configurationWinsOverWhatTheToolSays() throws IOException {
    yaml(
        """
        longhaul:
          tools:
            export:
              execution: inline
              queue: slow
              priority: high
              timeout: 90s
              attempts: 7
              backoff: 1s,2s
              repeatable: false
        """);
    assertThat(policy(described("export", "\"idempotentHint\":true")))
        .isEqualTo(
            ToolPolicy.of(Execution.INLINE, Duration.ofSeconds(90))
                .queue("slow")
                .priority(Priority.HIGH)
                .retry(
                    new RetryPolicy(
                        7, java.util.List.of(Duration.ofSeconds(1), Duration.ofSeconds(2)), false))
                .build());
  }

  @Test
  void configurationMakesAToolRepeatableThatDoesNotSaySo() throws IOException {
    yaml("longhaul.tools.export.repeatable: true");
    RetryPolicy retry = policy(described("export", "\"destructiveHint\":true")).retry();
    assertThat(retry.repeatable()).isTrue();
    assertThat(retry.maxAttempts()).isEqualTo(3);
  }

  @Test
  void quickToolsRunInlineUnlessConfiguredOtherwise() throws IOException {
    ObjectNode status = described("get_status", "");
    assertThat(new ToolPolicies(environment).of(status, Execution.INLINE).execution())
        .isEqualTo(Execution.INLINE);
    yaml("longhaul.tools.get_status.execution: queued");
    assertThat(new ToolPolicies(environment).of(status, Execution.INLINE).execution())
        .isEqualTo(Execution.QUEUED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "longhaul.tools.count_rows.timeout: 7s",
        "longhaul.tools.count-rows.timeout: 7s",
        "longhaul.tools.[count_rows].timeout: 7s",
        "longhaul:\n  tools:\n    count_rows:\n      timeout: 7s",
        "longhaul:\n  tools:\n    \"[count_rows]\":\n      timeout: 7s",
      })
  void aNameWithUnderscoresIsFoundInYaml(String yaml) throws IOException {
    yaml(yaml);
    assertThat(policy(described("count_rows", "")).timeout()).isEqualTo(Duration.ofSeconds(7));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "longhaul.tools.[Files.countRows-2].timeout: 7s",
        "longhaul:\n  tools:\n    \"[Files.countRows-2]\":\n      timeout: 7s",
      })
  void aNameWithDotsAndCapitalsIsFoundInBrackets(String yaml) throws IOException {
    yaml(yaml);
    assertThat(policy(described("Files.countRows-2", "")).timeout())
        .isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void anEnvironmentVariableSetsAToolsPolicy() {
    variables(
        Map.of(
            "LONGHAUL_TOOLS_COUNTROWS_TIMEOUT", "7s",
            "LONGHAUL_TOOLS_COUNTROWS_BREAKERFAILURES", "3"));
    ToolPolicy policy = policy(described("count_rows", ""));
    assertThat(policy.timeout()).isEqualTo(Duration.ofSeconds(7));
    assertThat(policy.breaker().failures()).isEqualTo(3);
  }

  @Test
  void theDirectoryOfToolJarsIsNotTakenForAPolicy() throws IOException {
    variables(Map.of("LONGHAUL_TOOLS", "/some/tools", "LONGHAUL_TOOLS_EXPORT_ATTEMPTS", "4"));
    yaml("longhaul.tools.export.timeout: 7s");
    ToolPolicy policy = policy(described("export", ""));
    assertThat(policy.timeout()).isEqualTo(Duration.ofSeconds(7));
    assertThat(policy.retry().maxAttempts()).isEqualTo(4);
    assertThat(policy(described("other", "")).timeout()).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void oneToolsSettingsAreNotAnothers() throws IOException {
    yaml("longhaul.tools.count.timeout: 7s");
    assertThat(policy(described("count_rows", "")).timeout()).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void aSenselessPriorityIsRefusedWithWhatIsPossible() throws IOException {
    yaml("longhaul.tools.export.priority: soon");
    assertThatThrownBy(() -> policy(described("export", "")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "longhaul.tools.export.priority is 'soon'; use urgent, high, default, low or a number"
                + " from -1000 to 1000.");
  }

  @Test
  void aToolHasNoLimitsAndABreakerUnlessConfigurationSaysOtherwise() throws IOException {
    ToolPolicy plain = policy(described("export", ""));
    assertThat(plain.limits()).isEqualTo(Limits.NONE);
    assertThat(plain.breaker()).isEqualTo(new BreakerPolicy(5, Duration.ofSeconds(60)));
    yaml(
        """
        longhaul:
          tools:
            export:
              concurrency: 3
              rate: 10/s
              breaker-failures: 2
              breaker-open: 5s
        """);
    ToolPolicy limited = policy(described("export", ""));
    assertThat(limited.limits())
        .isEqualTo(new Limits(3, new Rate(10, Duration.ofSeconds(1)), null));
    assertThat(limited.breaker()).isEqualTo(new BreakerPolicy(2, Duration.ofSeconds(5)));
  }

  @Test
  void theExceptionsThatEndAJobAreIllegalArgumentsUnlessConfigurationSaysOtherwise()
      throws IOException {
    assertThat(policy(described("export", "")).permanent()).isEqualTo(PermanentExceptions.DEFAULT);
    yaml(
        """
        longhaul.tools:
          export.permanent-exceptions: java.io.IOException, java.lang.IllegalStateException
          import.permanent-exceptions: ""
        """);
    assertThat(policy(described("export", "")).permanent().types())
        .containsExactly(IOException.class, IllegalStateException.class);
    assertThat(policy(described("import", "")).permanent().types()).isEmpty();
  }

  @Test
  void zeroFailuresSwitchTheBreakerOff() throws IOException {
    yaml("longhaul.tools.export.breaker-failures: 0");
    assertThat(policy(described("export", "")).breaker().enabled()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "concurrency, 0, use a whole number from 1.",
    "rate, often, 'use calls per time, such as 10/s, 100/m or 5/30s.'",
    "rate, 0/s, 'use calls per time, such as 10/s, 100/m or 5/30s.'",
    "breaker-failures, -1, use 0 (never open) to 1000.",
    "permanent-exceptions, java.io.Exeption, 'use full names of exceptions that are on the class"
        + " path, such as java.lang.IllegalArgumentException.'",
    "permanent-exceptions, java.lang.String, 'use full names of exceptions that are on the class"
        + " path, such as java.lang.IllegalArgumentException.'",
    "breaker-open, PT0S, 'use a duration from 1ms to 365d, such as 60s.'",
  })
  void aSenselessLimitIsRefusedByTheNameOfItsSetting(String setting, String value, String advice)
      throws IOException {
    yaml("longhaul.tools.export." + setting + ": " + value);
    assertThatThrownBy(() -> policy(described("export", "")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("longhaul.tools.export.%s is '%s'; %s".formatted(setting, value, advice));
  }

  @Test
  void whatIsNoNumberIsRefusedByTheNameOfItsSetting() throws IOException {
    yaml("longhaul.tools.export.concurrency: many");
    assertThatThrownBy(() -> policy(described("export", "")))
        .hasMessageContaining("longhaul.tools.export.concurrency");
  }

  private ToolPolicy policy(ObjectNode description) {
    return new ToolPolicies(environment).of(description);
  }

  private void yaml(String text) throws IOException {
    var source = new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8));
    new YamlPropertySourceLoader().load("yaml", source).forEach(sources()::addLast);
  }

  private void variables(Map<String, Object> variables) {
    sources()
        .replace(
            StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
            new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
  }

  private MutablePropertySources sources() {
    return environment.getPropertySources();
  }

  private static ObjectNode described(String name, String annotations) {
    return Tools.object("{\"name\":\"%s\",\"annotations\":{%s}}".formatted(name, annotations));
  }
}
