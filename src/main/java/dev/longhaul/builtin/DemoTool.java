package dev.longhaul.builtin;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.longhaul.catalog.RegisteredTools;
import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolAnswerResult;
import dev.longhaul.catalog.ToolCall;
import dev.longhaul.catalog.ToolPolicies;
import dev.longhaul.tool.JobContext;
import dev.longhaul.tool.ToolAnswer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.SmartInitializingSingleton;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The tool queuemgr_demo: runs for a given time and reports its progress. */
final class DemoTool implements SmartInitializingSingleton {
  private static final String DESCRIPTION = "/tools/queuemgr_demo.json";
  private static final String DEFAULT_NAME = "default_task";
  private static final double DEFAULT_SECONDS = 3;
  private static final long STEP_MILLIS = 1_000;

  private final RegisteredTools tools;
  private final ToolPolicies policies;
  private final Clock clock;
  private final JsonMapper json;

  DemoTool(RegisteredTools tools, ToolPolicies policies, Clock clock, JsonMapper json) {
    this.tools = tools;
    this.policies = policies;
    this.clock = clock;
    this.json = json;
  }

  /**
   * The tool's result.
   *
   * @param duration the requested duration in seconds
   * @param elapsed the time of the completed steps in seconds
   * @param status completed or running
   * @param completedAt when it completed, in seconds since 1970; null while it runs
   */
  record Done(
      @JsonProperty("task_name") String taskName,
      @JsonProperty("duration") double duration,
      @JsonProperty("elapsed") double elapsed,
      @JsonProperty("status") String status,
      @JsonProperty("completed_at") @Nullable Double completedAt) {}

  @Override
  public void afterSingletonsInstantiated() {
    try (InputStream description =
        Objects.requireNonNull(getClass().getResourceAsStream(DESCRIPTION), DESCRIPTION)) {
      ObjectNode tool = (ObjectNode) json.readTree(description);
      tools.register(new Tool(tool, policies.of(tool), this::call));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ObjectNode call(ToolCall call) throws InterruptedException {
    String name = call.arguments().path("task_name").asString(DEFAULT_NAME);
    double seconds = call.arguments().path("duration").asDouble(DEFAULT_SECONDS);
    pass(call.context(), name, seconds);
    return ToolAnswerResult.of(
        ToolAnswer.of(
            String.format(Locale.ROOT, "%s took %s s.", name, number(seconds)),
            new Done(name, seconds, seconds, "completed", clock.millis() / 1_000.0)),
        call.context(),
        json);
  }

  private static void pass(JobContext job, String name, double seconds)
      throws InterruptedException {
    long all = Math.round(seconds * 1_000);
    long steps = Math.ceilDiv(all, STEP_MILLIS);
    for (long step = 0; step < steps; step++) {
      try {
        Thread.sleep(Math.min(STEP_MILLIS, all - step * STEP_MILLIS));
      } catch (InterruptedException e) {
        job.checkpoint("passing the time");
        throw e; // the process is shutting down
      }
      double elapsed = Math.min(all, (step + 1) * STEP_MILLIS) / 1_000.0;
      job.progress(
          elapsed / seconds,
          String.format(Locale.ROOT, "%s: %s of %s s", name, number(elapsed), number(seconds)));
      job.partial(new Done(name, seconds, elapsed, "running", null), step + 1, steps);
      job.checkpoint("passing the time");
    }
  }

  private static String number(double seconds) {
    return seconds == Math.rint(seconds) ? Long.toString((long) seconds) : Double.toString(seconds);
  }
}
