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
 * A batch or chain as a caller wants it, its shape checked and nothing else.
 *
 * @param queue the queue that all its jobs wait in, or null for each tool's own
 * @param webhooks callbacks that are webhooks and no jobs
 * @param callbackUrl whom to tell over HTTP when it has ended, or null
 * @param channels the names of further channels that tell of its end
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
   * @param path JSON Pointer to where it stands in the definition
   */
  record Webhook(String path, String url) {}

  /**
   * One of its jobs.
   *
   * @param path JSON Pointer to where it stands in the definition
   * @param brief whether it was given as tool and arguments and not as method and params
   */
  record Call(String path, boolean brief, String method, ObjectNode params, JobOptions options) {

    /** Where the name of its tool stands. */
    String namePath() {
      return path + (brief ? "/tool" : "/params/name");
    }

    /** Whether it calls a tool, and not another method. */
    boolean callsTool() {
      return method.equals(Submission.TOOLS_CALL);
    }

    /** What may refer to results of others: a tool's arguments, or all params of a method. */
    JsonNode templates() {
      return callsTool() ? params.path("arguments") : params;
    }

    /** Where that stands. */
    String templatesPath() {
      return callsTool() ? argumentsPath() : path + "/params";
    }

    /** Where its arguments stand. */
    String argumentsPath() {
      return path + (brief ? "/arguments" : "/params/arguments");
    }
  }
}
