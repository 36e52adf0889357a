package dev.longhaul.tool;

import dev.longhaul.job.Limits;
import dev.longhaul.job.Priority;
import dev.longhaul.job.Rate;
import dev.longhaul.job.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.Environment;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Decides how a tool runs: configuration first, then what the tool says of itself. */
public final class ToolPolicies {
  private static final String PREFIX = "longhaul.tools.";
  private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(5);
  private static final int REPEATABLE_ATTEMPTS = 3;

  private final Binder binder;
  private final Set<String> inlineByDefault;

  /**
   * @param inlineByDefault quick tools that are not worth a queue
   */
  public ToolPolicies(Environment environment, Set<String> inlineByDefault) {
    this.binder = Binder.get(environment);
    this.inlineByDefault = Set.copyOf(inlineByDefault);
  }

  /** The policy of a tool, from its entry of tools/list. */
  public ToolPolicy of(ObjectNode description) {
    String name = description.path("name").asString();
    ToolSettings settings = settings(name);
    boolean repeatable =
        settings.repeatable() != null
            ? settings.repeatable()
            : saysRepeatable(description.path("annotations"));
    RetryPolicy retry =
        new RetryPolicy(
            Objects.requireNonNullElse(settings.attempts(), repeatable ? REPEATABLE_ATTEMPTS : 1),
            Objects.requireNonNullElse(settings.backoff(), RetryPolicy.DEFAULT_BACKOFF),
            repeatable);
    Execution execution =
        Objects.requireNonNullElse(
            settings.execution(),
            inlineByDefault.contains(name) ? Execution.INLINE : Execution.QUEUED);
    return new ToolPolicy(
        execution,
        Objects.requireNonNullElse(settings.queue(), ToolPolicy.DEFAULT_QUEUE),
        priority(name, settings),
        Objects.requireNonNullElse(settings.timeout(), DEFAULT_TIMEOUT),
        retry,
        false,
        limits(name, settings),
        breaker(name, settings),
        taskSupport(name, description, settings, execution));
  }

  private static TaskSupport taskSupport(
      String name, ObjectNode description, ToolSettings settings, Execution execution) {
    TaskSupport byDefault =
        execution == Execution.QUEUED ? TaskSupport.OPTIONAL : TaskSupport.FORBIDDEN;
    TaskSupport support =
        Objects.requireNonNullElse(
            settings.taskSupport(),
            TaskSupport.fromWire(description.path("execution").path("taskSupport").asString(""))
                .orElse(byDefault));
    if (support != TaskSupport.FORBIDDEN && execution == Execution.INLINE) {
      throw wrong(
          name,
          "task-support",
          support.wire(),
          "a tool that runs inline is never a task; use"
              + " forbidden, or set its execution to queued");
    }
    return support;
  }

  private static Limits limits(String name, ToolSettings settings) {
    Integer concurrency = settings.concurrency();
    if (concurrency != null && concurrency < 1) {
      throw wrong(name, "concurrency", concurrency, "use a whole number from 1");
    }
    String rate = settings.rate();
    Optional<Rate> parsed = rate == null ? Optional.empty() : Rate.parse(rate);
    if (rate != null && parsed.isEmpty()) {
      throw wrong(name, "rate", rate, "use calls per time, such as 10/s, 100/m or 5/30s");
    }
    return new Limits(concurrency, parsed.orElse(null), null);
  }

  private static BreakerPolicy breaker(String name, ToolSettings settings) {
    int failures =
        Objects.requireNonNullElse(settings.breakerFailures(), BreakerPolicy.DEFAULT.failures());
    Duration open =
        Objects.requireNonNullElse(settings.breakerOpen(), BreakerPolicy.DEFAULT.open());
    if (failures < 0 || failures > BreakerPolicy.MAX_FAILURES) {
      throw wrong(
          name,
          "breaker-failures",
          failures,
          "use 0 (never open) to " + BreakerPolicy.MAX_FAILURES);
    }
    if (open.toMillis() < 1) {
      throw wrong(name, "breaker-open", open, "use a duration such as 60s");
    }
    return new BreakerPolicy(failures, open);
  }

  private ToolSettings settings(String name) {
    // Bound one tool at a time: LONGHAUL_TOOLS, the directory of tool jars, is itself the value of
    // "longhaul.tools", so the whole cannot be bound as a map.
    ToolSettings plain = bound(ConfigurationPropertyName.adapt(PREFIX + name, '.'));
    // Brackets keep a name as it is, for a name that has dots in it.
    ToolSettings bracketed =
        bound(
            ConfigurationPropertyName.of(
                PREFIX.substring(0, PREFIX.length() - 1) + "[" + name + "]"));
    return plain.orElse(bracketed);
  }

  private ToolSettings bound(ConfigurationPropertyName name) {
    return binder.bind(name, Bindable.of(ToolSettings.class)).orElse(ToolSettings.NONE);
  }

  private static Priority priority(String name, ToolSettings settings) {
    String priority = settings.priority();
    if (priority == null) {
      return Priority.DEFAULT;
    }
    return Priority.parse(priority)
        .orElseThrow(() ->
            wrong(
                name,
                "priority",
                priority,
                "use urgent, high, default, low or a number from "
                    + Priority.MIN
                    + " to "
                    + Priority.MAX));
  }

  private static IllegalStateException wrong(
      String name, String setting, Object value, String advice) {
    return new IllegalStateException(
        "%s%s.%s is '%s'; %s.".formatted(PREFIX, name, setting, value, advice));
  }

  // A tool that only reads, or whose repetition changes nothing, may run again (server/tools.mdx,
  // ToolAnnotations). @McpTool sets neither unless the author does.
  private static boolean saysRepeatable(JsonNode annotations) {
    return List.of("readOnlyHint", "idempotentHint").stream()
        .anyMatch(hint -> annotations.path(hint).asBoolean(false));
  }
}
