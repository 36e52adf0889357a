package dev.longhaul.intake.flow;

import dev.longhaul.catalog.JobHeaders;
import dev.longhaul.intake.Caller;
import dev.longhaul.job.FlowCallback;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.Limits;
import dev.longhaul.job.NotificationPlan;
import dev.longhaul.queue.FlowKind;
import java.time.Duration;
import java.util.Map;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Builds the jobs for callbacks of a batch or chain that are webhooks. Each is a call of the
 * delivery tool, started like any other callback; templates pass it the state of the batch or
 * chain.
 */
final class WebhookCallbacks {
  private static final String STATE = "{{flow#/state}}";

  private WebhookCallbacks() {}

  /**
   * The request for the job.
   *
   * @param plan the settings of deliveries
   */
  static JobRequest request(
      FlowKind kind, FlowCallback when, String url, NotificationPlan plan, Caller caller) {
    ObjectNode params = JsonNodeFactory.instance.objectNode().put("name", plan.tool());
    params
        .putObject("arguments")
        .put("subject", "{{flow#/id}}")
        .put("kind", kind.wire())
        .put("event", kind.wire() + "." + event(when))
        .put("state", STATE)
        .put("channel", "webhook")
        .put("url", url)
        .put("callback", when.wire());
    return new JobRequest(
            "tools/call",
            plan.tool(),
            params.toString(),
            caller.owner(),
            plan.queue(),
            plan.priority(),
            Duration.ZERO,
            false,
            plan.timeout(),
            plan.retryUntil(),
            plan.retry(),
            Map.of())
        .headed(JobHeaders.NONE.templated().json())
        .limited(new Limits(plan.concurrency(), null, null))
        .asInternal();
  }

  private static String event(FlowCallback when) {
    return switch (when) {
      case THEN -> "completed";
      case CATCH -> "first_failure"; // the batch may continue
      case FINALLY -> STATE;
    };
  }
}
