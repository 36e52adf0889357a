package dev.longhaul.intake;

import dev.longhaul.intake.Refusal.BadRequest;
import dev.longhaul.job.NotificationPlan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Determines which channels are notified of the end of a job, batch or chain, by the request and
 * the settings. Declared here because the intake calls it; implemented by {@code notify}.
 */
@FunctionalInterface
public interface NotificationTerms {
  /** Allows no notifications. */
  NotificationTerms NOBODY =
      (url, channels) -> {
        if (url != null || !channels.isEmpty()) {
          throw new IntakeException(
              new BadRequest(
                  url != null ? JobOptions.CALLBACK_URL : JobOptions.NOTIFY,
                  "This server does not send notifications of the end of a job."));
        }
        return null;
      };

  /**
   * The targets of the notifications.
   *
   * @param callbackUrl the URL of a webhook, or null
   * @param channels the names of further channels
   * @return null for no notifications
   * @throws IntakeException (bad request) if the settings do not allow it, naming the option and
   *     the setting
   */
  @Nullable NotificationPlan plan(@Nullable String callbackUrl, List<String> channels);
}
