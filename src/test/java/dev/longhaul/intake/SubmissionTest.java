package dev.longhaul.intake;

import static dev.longhaul.intake.IntakeFixture.LIMIT;
import static dev.longhaul.intake.IntakeFixture.ZOE;
import static dev.longhaul.intake.IntakeFixture.call;
import static dev.longhaul.testing.Refused.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.catalog.JobHeaders;
import dev.longhaul.catalog.Tool;
import dev.longhaul.intake.Refusal.BadRequest;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Priority;
import dev.longhaul.schema.Violation;
import dev.longhaul.testing.Tools;
import dev.longhaul.tool.Execution;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Storing submissions, and refusals before anything is stored. */
class SubmissionTest {
  private static final String ORDER =
      """
      {"type":"object","required":["customer"],
       "properties":{"customer":{"type":"string"},"pieces":{"type":"integer"}}}
      """;

  private final List<String> heard = new ArrayList<>();
  private final IntakeListener recorder =
      new IntakeListener() {
        @Override
        public void submitted(Job job) {
          heard.add("submitted " + job.tool());
        }

        @Override
        public void refused(IntakeException reason) {
          heard.add("refused " + reason.refusal().getClass().getSimpleName());
        }
      };
  private final IntakeListener broken =
      new IntakeListener() {
        @Override
        public void submitted(Job job) {
          throw new IllegalStateException("broken listener");
        }

        @Override
        public void refused(IntakeException reason) {
          throw new IllegalStateException("broken listener");
        }
      };
  private final IntakeFixture fixture =
      new IntakeFixture(
          List.of(broken, recorder),
          Tools.queued("greet", _ -> Tools.text("")),
          Tools.repeatable("lookup", _ -> Tools.text("")),
          Tools.tool("order", Execution.QUEUED, Duration.ofMinutes(1), ORDER, _ -> Tools.text("")),
          Tools.tool(
              "nightly",
              Execution.QUEUED,
              Duration.ofHours(2),
              "{\"type\":\"object\"}",
              _ -> Tools.text("")));

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void whatTheCallerLeavesOpenTheToolsPolicyDecides() {
    Job job = fixture.submit(ZOE, "greet");
    assertThat(job.state()).isEqualTo(JobState.QUEUED);
    assertThat(job.owner()).isEqualTo("zoe");
    assertThat(job.priority()).isEqualTo(Priority.DEFAULT);
    assertThat(job.timeout()).isEqualTo(Duration.ofMinutes(1));
    assertThat(job.retry().maxAttempts()).isEqualTo(1);
    assertThat(heard).containsExactly("submitted greet");
  }

  @Test
  void whatTheCallerAsksForIsStored() {
    Job job =
        fixture.intake.submit(
            with("lookup", Duration.ofHours(1), Duration.ofSeconds(90), 4, Map.of("trace", "abc")));
    assertThat(job.state()).isEqualTo(JobState.SCHEDULED);
    assertThat(job.times().dueAt()).isNotNull();
    assertThat(job.priority()).isEqualTo(Priority.HIGH);
    assertThat(job.timeout()).isEqualTo(Duration.ofSeconds(90));
    assertThat(job.retry().maxAttempts()).isEqualTo(4);
    assertThat(job.metadata()).containsExactly(Map.entry("trace", "abc"));
  }

  @Test
  void everyViolationOfTheSchemaIsSaid() {
    assertThatThrownBy(() -> submit("order", "{\"pieces\":\"many\"}"))
        .satisfies(
            refused(
                Refusal.InvalidArguments.class,
                invalid ->
                    assertThat(invalid.violations())
                        .extracting(Violation::path)
                        .containsExactlyInAnyOrder("", "/pieces")))
        .hasMessageStartingWith("Invalid arguments for tool order: ")
        .hasMessageContaining("customer")
        .hasMessageContaining("/pieces: ");
    assertThat(heard).containsExactly("refused InvalidArguments");
    assertNothingIsStored();
  }

  @Test
  void absentArgumentsAreEmptyOnes() {
    assertThatThrownBy(() -> fixture.submit(ZOE, "order"))
        .satisfies(refused(Refusal.InvalidArguments.class));
    assertThat(submit("greet", "null").tool()).isEqualTo("greet");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "\"text\"", "7", "true"})
  void argumentsThatAreNoObjectAreRefused(String arguments) {
    assertThatThrownBy(() -> submit("greet", arguments))
        .satisfies(refused(BadRequest.class))
        .hasMessageStartingWith("params.arguments must be an object, not ");
    assertNothingIsStored();
  }

  @Test
  void anUnknownToolIsNamed() {
    assertThatThrownBy(() -> fixture.submit(ZOE, "shout"))
        .satisfies(refused(Refusal.UnknownTool.class))
        .hasMessage("Unknown tool: shout");
    assertThatThrownBy(() -> fixture.intake.policy(call(ZOE, "shout")))
        .satisfies(refused(Refusal.UnknownTool.class));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"name\":7}", "{\"name\":null}"})
  void aCallWithoutANameIsRefused(String params) {
    assertThatThrownBy(() -> fixture.intake.submit(Submission.toolCall(ZOE, Tools.object(params))))
        .satisfies(refused(BadRequest.class))
        .hasMessage("params.name must be the name of a tool.");
  }

  @Test
  void anotherMethodCannotBeAJob() {
    var submission =
        new Submission(ZOE, "prompt/get", Tools.object("{}"), JobOptions.NONE, JobHeaders.NONE);
    assertThatThrownBy(() -> fixture.intake.submit(submission))
        .satisfies(refused(Refusal.UnsupportedMethod.class))
        .hasMessage(
            "The method prompt/get cannot be run as a job. Did you mean prompts/get? These can:"
                + " tools/call, resources/read, resources/list, resources/templates/list,"
                + " prompts/get, prompts/list, completion/complete, tools/list.");
  }

  @Test
  void theDelayHasALimitThatIsNamed() {
    for (Duration delay : List.of(Duration.ofMillis(-1), Duration.ofDays(7).plusMillis(1))) {
      assertThatThrownBy(() -> fixture.intake.submit(with(delay, null, null, Map.of())))
          .satisfies(refused(BadRequest.class))
          .hasMessageContaining("between 0 and 604800 s (longhaul.intake.max-delay)");
    }
    fixture.intake.submit(with(Duration.ofDays(7), null, null, Map.of()));
  }

  @Test
  void theTimeOutHasALimitThatIsNamed() {
    for (Duration timeout :
        List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofMinutes(10).plusMillis(1))) {
      assertThatThrownBy(() -> fixture.intake.submit(with(null, timeout, null, Map.of())))
          .satisfies(refused(BadRequest.class))
          .hasMessageContaining("at most 600 s (longhaul.intake.max-timeout)");
    }
    fixture.intake.submit(with(null, Duration.ofMinutes(10), null, Map.of()));
  }

  @Test
  void aToolsOwnTimeOutMayBeLongerThanTheLimitOfCallers() {
    var submission =
        call(ZOE, "nightly").with(JobOptions.builder().timeout(Duration.ofHours(2)).build());
    assertThat(fixture.intake.submit(submission).timeout()).isEqualTo(Duration.ofHours(2));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 101})
  void theNumberOfAttemptsHasLimits(int attempts) {
    assertThatThrownBy(() -> fixture.intake.submit(with(null, null, attempts, Map.of())))
        .satisfies(refused(BadRequest.class))
        .hasMessage("max_attempts must be 1 to 100.");
    assertNothingIsStored();
  }

  @Test
  void aCallerCannotHaveAToolRepeatedThatMayNotBe() {
    assertThatThrownBy(() -> fixture.intake.submit(with(null, null, 2, Map.of())))
        .satisfies(refused(BadRequest.class))
        .hasMessageContaining("longhaul.tools.<name>.repeatable");
    assertNothingIsStored();
  }

  @Test
  void metadataHasLimitsOfCountAndSize() {
    Map<String, String> many =
        IntStream.range(0, 51).boxed().collect(Collectors.toMap(n -> "k" + n, n -> "v"));
    for (Map<String, String> metadata : List.of(many, Map.of("k", "x".repeat(2_000)))) {
      assertThatThrownBy(() -> fixture.intake.submit(with(null, null, null, metadata)))
          .satisfies(refused(BadRequest.class))
          .hasMessage("metadata may have at most 50 entries and 2000 characters in all.");
    }
    fixture.intake.submit(with(null, null, null, Map.of("k", "x".repeat(1_999))));
  }

  @Test
  void aFullQueueSaysWhenToComeBack() {
    var small =
        IntakeFixture.intake(
            fixture.redis.jobs(1),
            fixture.work,
            IntakeFixture.AUTO,
            List.of(),
            Tools.queued("greet", _ -> Tools.text("")));
    small.submit(call(ZOE, "greet"));
    assertThatThrownBy(() -> small.submit(call(ZOE, "greet")))
        .satisfies(
            refused(
                Refusal.QueueFull.class,
                full -> assertThat(full.retryAfter()).isPositive().isLessThan(LIMIT)));
  }

  private Job submit(String tool, String arguments) {
    var params = Tools.object("{\"name\":\"" + tool + "\",\"arguments\":" + arguments + "}");
    return fixture.intake.submit(Submission.toolCall(ZOE, params));
  }

  private static Submission with(
      @Nullable Duration delay,
      @Nullable Duration timeout,
      @Nullable Integer attempts,
      Map<String, String> metadata) {
    return with("greet", delay, timeout, attempts, metadata);
  }

  private static Submission with(
      String tool,
      @Nullable Duration delay,
      @Nullable Duration timeout,
      @Nullable Integer attempts,
      Map<String, String> metadata) {
    return call(ZOE, tool)
        .with(
            JobOptions.builder()
                .priority(Priority.HIGH)
                .delay(delay)
                .timeout(timeout)
                .maxAttempts(attempts)
                .metadata(metadata)
                .build());
  }

  private void assertNothingIsStored() {
    assertThat(fixture.intake.list(ZOE, null, null, null, 10).jobs()).isEmpty();
  }

  @Test
  void onlyAToolOfAnUpstreamGetsTheNullsOfOptionalArguments() {
    Tool own =
        Tools.tool(
            "orders_add", Execution.QUEUED, Duration.ofMinutes(1), ORDER, _ -> Tools.text(""));
    Submission asked = call(ZOE, "orders_add");
    asked.params().putObject("arguments").put("customer", "Zoe").putNull("pieces");
    var upstreams =
        new Tool(own.description(), own.policy(), own.handler(), own.method(), "orders/add");
    assertThat(asked.withoutNulls(upstreams)).isSameAs(asked);
    assertThat(asked.withoutNulls(own).params().path("arguments").has("pieces")).isFalse();
  }
}
