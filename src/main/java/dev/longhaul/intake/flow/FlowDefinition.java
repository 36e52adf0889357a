package dev.longhaul.intake.flow;

import dev.longhaul.intake.JobOptions;
import dev.longhaul.intake.Submission;
import dev.longhaul.job.FlowCallback;
import dev.longhaul.queue.FlowKind;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The definition of a batch or chain. Only its structure has been checked.
 *
 * @param queue the queue for all its jobs, or null to use each tool's queue
 * @param webhooks callbacks that are webhooks instead of jobs
 * @param callbackUrl the webhook that is notified of its end, or null
 * @param channels the names of further notification channels
 * @param idempotencyKey the caller's name for it, or null
 */
record FlowDefinition(
    FlowKind kind,
    String name,
    boolean allowFailures,
    @Nullable String queue,
    List<Call> jobs,
    Map<FlowCallback, List<Call>> callbacks,
    Map<FlowCallback, List<Webhook>> webhooks,
    @Nullable String callbackUrl,
    List<String> channels,
    @Nullable String idempotencyKey) {

  /**
   * A callback that is a webhook.
   *
   * @param path JSON Pointer to it in the definition
   */
  record Webhook(String path, String url) {}

  /**
   * One of its jobs.
   *
   * @param path JSON Pointer to it in the definition
   * @param brief whether it was given as tool and arguments instead of method and params
   */
  record Call(String path, boolean brief, String method, ObjectNode params, JobOptions options) {

    /** JSON Pointer to the name of its tool. */
    String namePath() {
      return path + (brief ? "/tool" : "/params/name");
    }

    /** Whether its method is tools/call. */
    boolean callsTool() {
      return method.equals(Submission.TOOLS_CALL);
    }

    /** The part that may contain templates: a tool's arguments, or all params of another method. */
    JsonNode templates() {
      return callsTool() ? params.path("arguments") : params;
    }

    /** JSON Pointer to the part that may contain templates. */
    String templatesPath() {
      return callsTool() ? argumentsPath() : path + "/params";
    }

    /** JSON Pointer to its arguments. */
    String argumentsPath() {
      return path + (brief ? "/arguments" : "/params/arguments");
    }
  }
}
