package dev.longhaul.tool;

import dev.longhaul.job.Priority;
import dev.longhaul.job.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
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
    return new ToolPolicy(
        Objects.requireNonNullElse(
            settings.execution(),
            inlineByDefault.contains(name) ? Execution.INLINE : Execution.QUEUED),
        Objects.requireNonNullElse(settings.queue(), ToolPolicy.DEFAULT_QUEUE),
        priority(name, settings),
        Objects.requireNonNullElse(settings.timeout(), DEFAULT_TIMEOUT),
        retry,
        false);
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
            new IllegalStateException(
                PREFIX
                    + name
                    + ".priority is '"
                    + priority
                    + "'; use urgent, high, default, low or a number from "
                    + Priority.MIN
                    + " to "
                    + Priority.MAX
                    + "."));
  }

  // A tool that only reads, or whose repetition changes nothing, may run again (server/tools.mdx,
  // ToolAnnotations). @McpTool sets neither unless the author does.
  private static boolean saysRepeatable(JsonNode annotations) {
    return List.of("readOnlyHint", "idempotentHint").stream()
        .anyMatch(hint -> annotations.path(hint).asBoolean(false));
  }
}
