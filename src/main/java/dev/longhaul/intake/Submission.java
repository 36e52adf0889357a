package dev.longhaul.intake;

import dev.longhaul.job.Priority;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A request to call something, as a front door received it. Everything that is null is decided by
 * the tool's policy.
 *
 * @param caller who asks
 * @param method the MCP method; {@code tools/call} is the one served so far
 * @param params the method's params: for tools/call {@code name}, {@code arguments} and perhaps
 *     {@code _meta}
 */
public record Submission(
    Caller caller,
    String method,
    ObjectNode params,
    @Nullable Priority priority,
    @Nullable Duration delay,
    @Nullable Duration timeout,
    @Nullable Integer maxAttempts,
    Map<String, String> metadata) {

  public Submission {
    metadata = Map.copyOf(metadata);
  }

  /** A plain tools/call, all by policy. */
  public static Submission toolCall(Caller caller, ObjectNode params) {
    return new Submission(caller, "tools/call", params, null, null, null, null, Map.of());
  }
}
