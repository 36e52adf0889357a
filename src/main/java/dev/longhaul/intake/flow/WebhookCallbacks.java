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
 * Callbacks of a batch or chain that are webhooks: each is a job of the tool that delivers, which
 * is started as any other callback is and learns then how the whole stands.
 */
final class WebhookCallbacks {
  private static final String STATE = "{{flow#/state}}";

  private WebhookCallbacks() {}

  /**
   * The job.
   *
   * @param plan how deliveries run
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
        .limited(new Limits(plan.concurrency(), null, null));
  }

  private static String event(FlowCallback when) {
    return switch (when) {
      case THEN -> "completed";
      case CATCH -> "first_failure"; // the whole may go on
      case FINALLY -> STATE;
    };
  }
}
