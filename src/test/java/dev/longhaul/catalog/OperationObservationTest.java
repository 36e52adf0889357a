package dev.longhaul.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.job.CurrentTrace;
import dev.longhaul.job.JobLog;
import dev.longhaul.job.Progress;
import dev.longhaul.testing.Tools;
import dev.longhaul.tool.Execution;
import dev.longhaul.tool.ToolRefusedException;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class OperationObservationTest {
  private final List<OperationContext> observed = new ArrayList<>();
  private final ObservationRegistry observations = ObservationRegistry.create();
  private final RegisteredPrimitives primitives = new RegisteredPrimitives();
  private final ToolRunner runner =
      new ToolRunner(
          Tools.JSON, observations, new OperationNames(primitives), CurrentTrace.AS_GIVEN);

  OperationObservationTest() {
    observations.observationConfig().observationHandler(new Recorder());
  }

  @Test
  void aRunOfAToolIsObservedWithItsTimeAndItsMemory() {
    var _ = runner.run(Tools.queued("greet", _ -> Tools.text("hello")), call("greet"), context());
    OperationContext run = only();
    assertThat(run.kind()).isEqualTo(OperationContext.Kind.TOOL);
    assertThat(run.name()).isEqualTo("greet");
    assertThat(run.job()).isFalse();
    assertThat(run.internal()).isFalse();
    assertThat(run.durationNanos()).isPositive();
    assertThat(run.allocatedBytes()).isPositive();
    assertThat(run.errorType()).isNull();
    assertThat(run.failed()).isFalse();
    assertThat(run.getContextualName()).isEqualTo("execute_tool greet");
    assertThat(run.getLowCardinalityKeyValue("gen_ai.tool.name"))
        .isEqualTo(KeyValue.of("gen_ai.tool.name", "greet"));
    assertThat(run.getError()).isNull();
  }

  @Test
  void onAVirtualThreadTheMemoryIsUnknown() throws Exception {
    Tool tool = Tools.queued("greet", _ -> Tools.text("hello"));
    Thread.ofVirtual().start(() -> runner.run(tool, call("greet"), context())).join();
    assertThat(only().allocatedBytes()).isEqualTo(-1);
  }

  @Test
  void anAttemptOfAJobSaysSo() {
    var _ =
        runner.run(
            Tools.queued("greet", _ -> Tools.text("hello")), call("greet"), context().asJob());
    OperationContext run = only();
    assertThat(run.job()).isTrue();
    assertThat(run.id()).isEqualTo("the-id");
    assertThat(run.attempt()).isEqualTo(1);
    assertThat(run.getHighCardinalityKeyValue("longhaul.job.id"))
        .isEqualTo(KeyValue.of("longhaul.job.id", "the-id"));
  }

  @Test
  void anErrorResultCountsAsAFailure() {
    run(_ -> Tools.text("no").put("isError", true));
    assertThat(only().errorType()).isEqualTo("tool_error");
    assertThat(only().failed()).isTrue();
    assertThat(only().getError()).hasNoCause();
  }

  @Test
  void exceptionsRefusalsAndTimeOutsAreFailuresWithTheirType() {
    var thrown = new IOException("the disk is full");
    run(_ -> {
      throw thrown;
    });
    assertThat(last().errorType()).isEqualTo("IOException");
    assertThat(last().getError()).isSameAs(thrown);
    run(_ -> {
      throw new ToolRefusedException(-32602, "no such row");
    });
    assertThat(last().errorType()).isEqualTo("-32602");
    stopped(AttemptContext.Stop.TIMED_OUT);
    assertThat(last().errorType()).isEqualTo(OperationContext.TIMEOUT);
    assertThat(observed).allMatch(OperationContext::failed);
  }

  @Test
  void aCancelledRunIsNoFailureOfTheTool() {
    stopped(AttemptContext.Stop.CANCELLED);
    assertThat(last().errorType()).isEqualTo(OperationContext.CANCELLED);
    assertThat(last().failed()).isFalse();
  }

  @Test
  void theToolRunsWithinItsObservation() {
    run(_ -> {
      assertThat(observations.getCurrentObservation()).isNotNull();
      return Tools.text("");
    });
    assertThat(only().errorType()).isNull();
    assertThat(observations.getCurrentObservation()).isNull();
  }

  @Test
  void aResourceIsNamedByItsTemplateAndNeverByTheUriOfACaller() {
    primitives.register(
        new ResourceTemplate(
            Tools.object("{\"name\":\"row\",\"uriTemplate\":\"db://rows/{id}\"}"),
            UriTemplate.of("db://rows/{id}"),
            _ -> Tools.object("{}")));
    read("db://rows/17");
    assertThat(last().kind()).isEqualTo(OperationContext.Kind.RESOURCE);
    assertThat(last().name()).isEqualTo("db://rows/{id}");
    read("other://17");
    assertThat(last().name()).isEqualTo("_OTHER");
  }

  @ParameterizedTest
  @ValueSource(strings = {"start", "open", "close", "error", "stop"})
  void aHandlerThatFailsChangesNothingForTheRun(String failing) {
    observations.observationConfig().observationHandler(new Failing(failing));
    Tool fine = Tools.queued("greet", _ -> Tools.text("hello"));
    Tool broken =
        Tools.queued(
            "greet",
            _ -> {
              throw new IOException("the disk is full");
            });

    assertThat(runner.run(fine, call("greet"), context())).isInstanceOf(Attempt.Ended.class);
    assertThat(runner.run(broken, call("greet"), context())).isInstanceOf(Attempt.Failed.class);
    List<Attempt> ofJob = new ArrayList<>();
    runner.attempt(
        new JobRun("greet", "the-id", 1, Map.of()),
        () -> ofJob.add(runner.run(fine, call("greet"), context().asJob())));
    assertThat(ofJob).hasOnlyElementsOfType(Attempt.Ended.class).hasSize(1);
    assertThat(observations.getCurrentObservationScope()).isNull();
  }

  @Test
  void aTraceThatCannotBeReadChangesNothingForTheRun() {
    var failing =
        new ToolRunner(
            Tools.JSON,
            observations,
            new OperationNames(primitives),
            _ -> {
              throw new IllegalStateException("no trace");
            });
    Tool fine = Tools.queued("greet", _ -> Tools.text("hello"));
    assertThat(failing.run(fine, call("greet"), context())).isInstanceOf(Attempt.Ended.class);
  }

  private void read(String uri) {
    Tool read =
        new Tool(
            Tools.object("{\"name\":\"resources/read\"}"),
            ToolPolicy.of(Execution.INLINE, Duration.ofMinutes(1)).internal(true).build(),
            _ -> Tools.object("{}"),
            ServedMethods.READ);
    var _ = runner.run(read, Tools.object("{}").put("uri", uri), context());
  }

  private void stopped(AttemptContext.Stop reason) {
    AttemptContext context = context();
    Tool tool =
        Tools.queued(
            "greet",
            _ -> {
              context.stop(reason);
              throw new InterruptedException();
            });
    var _ = runner.run(tool, call("greet"), context);
  }

  private void run(ToolHandler handler) {
    var _ = runner.run(Tools.queued("greet", handler), call("greet"), context());
  }

  private OperationContext only() {
    assertThat(observed).hasSize(1);
    return observed.getFirst();
  }

  private OperationContext last() {
    return observed.getLast();
  }

  private static ObjectNode call(String tool) {
    return Tools.object("{}").put("name", tool);
  }

  private static AttemptContext context() {
    return new AttemptContext(
        "the-id",
        1,
        "local",
        Instant.MAX,
        Clock.systemUTC(),
        Tools.JSON,
        new AttemptContext.Sink() {
          @Override
          public void progress(Progress progress) {}

          @Override
          public void log(JobLog said) {}
        });
  }

  /** A host's own handler with a fault. */
  private record Failing(String at) implements ObservationHandler<Observation.Context> {
    @Override
    public boolean supportsContext(Observation.Context context) {
      return true;
    }

    @Override
    public void onStart(Observation.Context context) {
      fail("start");
    }

    @Override
    public void onScopeOpened(Observation.Context context) {
      fail("open");
    }

    @Override
    public void onScopeClosed(Observation.Context context) {
      fail("close");
    }

    @Override
    public void onError(Observation.Context context) {
      fail("error");
    }

    @Override
    public void onStop(Observation.Context context) {
      fail("stop");
    }

    private void fail(String where) {
      if (where.equals(at)) {
        throw new IllegalStateException("a fault at " + where);
      }
    }
  }

  private final class Recorder implements ObservationHandler<OperationContext> {
    @Override
    public boolean supportsContext(Observation.Context context) {
      return context instanceof OperationContext;
    }

    @Override
    public void onStop(OperationContext context) {
      observed.add(context);
    }
  }
}
