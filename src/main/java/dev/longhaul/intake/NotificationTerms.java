package dev.longhaul.intake;

import dev.longhaul.intake.Refusal.BadRequest;
import dev.longhaul.job.NotificationPlan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who is told of the end of a job, batch or chain: what was asked for, within the settings. It
 * stands here because the intake checks it; {@code notify} does it.
 */
@FunctionalInterface
public interface NotificationTerms {
  /** Nobody can be told. */
  NotificationTerms NOBODY =
      (url, channels) -> {
        if (url != null || !channels.isEmpty()) {
          throw new IntakeException(
              new BadRequest(
                  url != null ? JobOptions.CALLBACK_URL : JobOptions.NOTIFY,
                  "This server tells nobody of the end of a job."));
        }
        return null;
      };

  /**
   * Who is told.
   *
   * @param callbackUrl where a webhook is to go, or null
   * @param channels the names of further channels
   * @return null if nobody is to be told
   * @throws IntakeException (bad request) if the settings do not allow it, naming the option and
   *     the setting
   */
  @Nullable NotificationPlan plan(@Nullable String callbackUrl, List<String> channels);
}
