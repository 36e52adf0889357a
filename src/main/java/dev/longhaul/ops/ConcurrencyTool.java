package dev.longhaul.ops;

import dev.longhaul.catalog.RegisteredTools;
import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolAnswerResult;
import dev.longhaul.catalog.ToolCall;
import dev.longhaul.catalog.ToolPolicies;
import dev.longhaul.catalog.ToolPolicy;
import dev.longhaul.intake.QueueControl;
import dev.longhaul.ops.ConcurrencyStatus.ProcessUse;
import dev.longhaul.ops.ConcurrencyStatus.QueueUse;
import dev.longhaul.ops.ConcurrencyStatus.ToolLimits;
import dev.longhaul.queue.QueueAdmin.QueueView;
import dev.longhaul.queue.QueueAdmin.ToolUse;
import dev.longhaul.queue.QueueDepths;
import dev.longhaul.tool.Execution;
import dev.longhaul.tool.ToolAnswer;
import dev.longhaul.worker.Worker;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The tool get_concurrency_status: limits, their use, and advice. */
final class ConcurrencyTool implements SmartInitializingSingleton {
  private static final String DESCRIPTION = "/tools/get_concurrency_status.json";
  private static final int MAX_QUEUES = 100;

  /** How many tools are read at most. */
  private static final int MAX_TOOLS = 200;

  private final RegisteredTools tools;
  private final ToolPolicies policies;
  private final QueueControl queues;
  private final DepthReader depths;
  private final ObjectProvider<Worker> worker;
  private final JsonMapper json;

  ConcurrencyTool(
      RegisteredTools tools,
      ToolPolicies policies,
      QueueControl queues,
      DepthReader depths,
      ObjectProvider<Worker> worker,
      JsonMapper json) {
    this.tools = tools;
    this.policies = policies;
    this.queues = queues;
    this.depths = depths;
    this.worker = worker;
    this.json = json;
  }

  // Registered with the other tools, before requests are served.
  @Override
  public void afterSingletonsInstantiated() {
    try (InputStream description =
        Objects.requireNonNull(getClass().getResourceAsStream(DESCRIPTION), DESCRIPTION)) {
      ObjectNode tool = (ObjectNode) json.readTree(description);
      tools.register(new Tool(tool, policies.of(tool, Execution.INLINE), this::call));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ObjectNode call(ToolCall call) {
    QueueDepths all = depths.read();
    ConcurrencyStatus status = status();
    ToolAnswer<ConcurrencyStatus> answer =
        ToolAnswer.of(
                String.format(
                    Locale.ROOT,
                    "%d jobs run, %d wait, %d of them for a limit. %s",
                    all.running(),
                    all.allWaiting() + all.heldBack(),
                    all.heldBack(),
                    status.recommendations().getFirst()),
                status)
            .count("running", all.running())
            .count("waiting", all.allWaiting())
            .count("held_back", all.heldBack())
            .count("scheduled", all.scheduled())
            .count("held", all.held());
    return ToolAnswerResult.of(answer, call.context(), json);
  }

  private ConcurrencyStatus status() {
    List<QueueUse> use =
        queues.queues().stream().limit(MAX_QUEUES).map(ConcurrencyTool::use).toList();
    List<ToolLimits> limits = limits();
    ProcessUse process = process();
    return new ConcurrencyStatus(use, limits, process, ConcurrencyAdvice.of(use, limits, process));
  }

  private static QueueUse use(QueueView queue) {
    return new QueueUse(
        queue.name(),
        queue.state().name().toLowerCase(Locale.ROOT),
        queue.waiting().stream().mapToLong(Long::longValue).sum(),
        queue.heldBack(),
        seconds(queue.oldestWaiting()));
  }

  private List<ToolLimits> limits() {
    List<Tool> listed = tools.all().stream().filter(Tool::listed).toList();
    List<String> queued =
        listed.stream().filter(ConcurrencyTool::queued).limit(MAX_TOOLS).map(Tool::id).toList();
    Map<String, ToolUse> use = queues.toolUse(queued);
    return listed.stream().map(tool -> limits(tool, use.get(tool.id()))).toList();
  }

  private static boolean queued(Tool tool) {
    return tool.policy().execution() != Execution.INLINE && !tool.policy().internal();
  }

  private static ToolLimits limits(Tool tool, @Nullable ToolUse use) {
    ToolPolicy policy = tool.policy();
    var rate = policy.limits().toolRate();
    return new ToolLimits(
        tool.name(),
        policy.execution().name().toLowerCase(Locale.ROOT),
        policy.execution() == Execution.INLINE ? null : policy.queue(),
        seconds(policy.timeout()),
        policy.limits().concurrency(),
        use == null || policy.limits().concurrency() == null ? null : use.slots(),
        rate == null ? null : rate.toString(),
        use == null ? null : use.waiting(),
        (use != null && use.breakerOpen()) ? true : null);
  }

  private ProcessUse process() {
    Runtime runtime = Runtime.getRuntime();
    double used = runtime.totalMemory() - runtime.freeMemory();
    Worker here = worker.getIfAvailable();
    return new ProcessUse(
        runtime.availableProcessors(),
        Math.rint(used / runtime.maxMemory() * 1_000) / 10,
        here == null ? 0 : here.runningJobs(),
        here == null ? Map.of() : here.slots());
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1_000.0;
  }
}
