package dev.longhaul.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.longhaul.catalog.EndedRun;
import dev.longhaul.catalog.OperationContext;
import dev.longhaul.catalog.RegisteredTools;
import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolPolicy;
import dev.longhaul.events.SlowOperation;
import dev.longhaul.queue.JobQueue.RunTime;
import dev.longhaul.testing.Tools;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class SlowOperationsTest {
  private final Map<String, RunTime> averages = new HashMap<>();
  private final List<String> read = new ArrayList<>();
  private final List<SlowOperation> events = new CopyOnWriteArrayList<>();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final AtomicLong now = new AtomicLong();
  private final RegisteredTools tools = new RegisteredTools();
  private final SlowOperations slow =
      new SlowOperations(
          new SlowOperationProperties(true, Duration.ofSeconds(1), 5),
          tools,
          tool -> {
            read.add(tool);
            return Optional.ofNullable(averages.get(tool));
          },
          registry,
          new BoundedNames(10),
          events::add,
          now::get);

  private void serve(String name, @Nullable Duration slowAfter) {
    Tool plain = Tools.queued(name, _ -> Tools.text("done"));
    var times =
        new ToolPolicy.Times(
            null,
            null,
            Duration.ofSeconds(5),
            ToolPolicy.Times.DEFAULT.cacheRules(),
            null,
            slowAfter);
    tools.register(
        new Tool(plain.description(), plain.policy().but().times(times).build(), plain.handler()));
  }

  private static OperationContext inline(String tool, long millis) {
    return EndedRun.of(tool, false, Duration.ofMillis(millis));
  }

  private static OperationContext job(String tool, long millis) {
    return EndedRun.of(tool, true, Duration.ofMillis(millis));
  }

  private double counted(String operation) {
    var counter = registry.find("longhaul.slow.operations").tag("operation", operation).counter();
    return counter == null ? 0 : counter.count();
  }

  @Test
  void anInlineCallIsSlowAfterASecondAndIsCountedPublishedAndLogged(CapturedOutput output) {
    serve("echo", null);
    slow.ended(inline("echo", 1_000));
    assertThat(events).isEmpty();
    slow.ended(inline("echo", 1_001));

    assertThat(counted("tools/call echo")).isEqualTo(1);
    assertThat(events)
        .containsExactly(
            new SlowOperation(
                "tools/call echo",
                false,
                "the-id",
                Duration.ofMillis(1_001),
                Duration.ofSeconds(1)));
    assertThat(output.getAll()).contains("tools/call echo took 1.001 s as inline call the-id");
    assertThat(read).isEmpty();
  }

  @Test
  void aSlowResourceIsReportedByItsName() {
    slow.ended(EndedRun.ofResource("note://{id}", false, Duration.ofMillis(1_001)));
    assertThat(events)
        .extracting(SlowOperation::operation)
        .containsExactly("resources/read note://{id}");
  }

  @Test
  void aJobIsSlowAfterFiveTimesItsAverageOnceThatIsOfEnoughRuns() {
    serve("report", null);
    serve("fresh", null);
    averages.put("report", new RunTime(Duration.ofSeconds(10), SlowOperations.MIN_RUNS));
    averages.put("fresh", new RunTime(Duration.ofSeconds(10), SlowOperations.MIN_RUNS - 1));

    slow.ended(job("fresh", 60_000));
    slow.ended(job("report", 50_000));
    slow.ended(job("report", 50_001));

    await().untilAsserted(() -> assertThat(counted("tools/call report")).isEqualTo(1));
    assertThat(events)
        .containsExactly(
            new SlowOperation(
                "tools/call report",
                true,
                "the-id",
                Duration.ofMillis(50_001),
                Duration.ofSeconds(50)));
  }

  @Test
  void aQuickJobIsNotReadAboutAndNotSlow() {
    serve("quick", null);
    averages.put("quick", new RunTime(Duration.ofMillis(10), 100));
    slow.ended(job("quick", 900));
    assertThat(read).isEmpty();
    assertThat(events).isEmpty();
  }

  @Test
  void aToolHasAThresholdOfItsOwnInlineAndAsAJob() {
    serve("strict", Duration.ofMillis(100));
    serve("patient", Duration.ofMinutes(1));
    serve("never", Duration.ZERO);
    slow.ended(inline("strict", 101));
    slow.ended(job("strict", 101));
    slow.ended(inline("patient", 59_000));
    slow.ended(inline("never", 3_600_000));
    assertThat(events).extracting(SlowOperation::job).containsExactly(false, true);
  }

  @Test
  void timeSpentOnQuestionsDoesNotCountAndACancelledRunIsNotReported() {
    serve("asks", null);
    var ten = Duration.ofSeconds(10);
    slow.ended(EndedRun.of("asks", false, ten, Duration.ofMillis(9_500), null));
    slow.ended(EndedRun.of("asks", false, ten, Duration.ZERO, OperationContext.CANCELLED));
    slow.ended(EndedRun.of("asks", false, ten, Duration.ZERO, OperationContext.LOST));
    assertThat(events).isEmpty();
    slow.ended(EndedRun.of("asks", false, ten, Duration.ZERO, OperationContext.TIMEOUT));
    assertThat(events).hasSize(1);
  }

  @Test
  void anOperationIsLoggedOnceAMinuteAndSaysWhatWasLeftOut(CapturedOutput output) {
    serve("often", null);
    for (int i = 0; i < 5; i++) {
      slow.ended(inline("often", 2_000));
    }
    now.addAndGet(Duration.ofMinutes(1).toNanos());
    slow.ended(inline("often", 2_000));

    assertThat(counted("tools/call often")).isEqualTo(6);
    assertThat(output.getAll().lines().filter(line -> line.contains("tools/call often took")))
        .hasSize(2)
        .last()
        .asString()
        .contains("; 4 slow runs of it were not logged");
  }

  @Test
  void aWrongSettingIsRefusedByItsName() {
    assertThatThrownBy(() -> new SlowOperationProperties(true, Duration.ZERO, 5))
        .hasMessageContaining("longhaul.slow-operations.inline-after");
    assertThatThrownBy(() -> new SlowOperationProperties(true, Duration.ofSeconds(1), 0))
        .hasMessageContaining("longhaul.slow-operations.job-factor");
  }
}
