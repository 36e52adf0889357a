package dev.longhaul.notify;

import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.JobOptions;
import dev.longhaul.intake.NotificationTerms;
import dev.longhaul.intake.Refusal.BadRequest;
import dev.longhaul.job.NotificationPlan;
import dev.longhaul.job.NotificationPlan.Target;
import dev.longhaul.job.Priority;
import dev.longhaul.job.RetryPolicy;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.SmartInitializingSingleton;

/** Checks which channels a job, batch or chain may notify, by the settings. */
final class CheckedNotificationTerms implements NotificationTerms, SmartInitializingSingleton {
  // The job's time-out is longer than the channel's own limit, for channels that ignore theirs.
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final NotificationProperties settings;
  private final Channels channels;
  private final CallbackUrls urls;

  CheckedNotificationTerms(NotificationProperties settings, Channels channels, CallbackUrls urls) {
    this.settings = settings;
    this.channels = channels;
    this.urls = urls;
  }

  /**
   * Checks the settings when all beans exist.
   *
   * @throws IllegalStateException if a channel of {@code longhaul.notifications.channels} or the
   *     sender of webhooks is missing
   */
  @Override
  public void afterSingletonsInstantiated() {
    if (settings.webhook().signatures().get().any()
        && channels.find(WebhookChannel.NAME).isEmpty()) {
      throw new IllegalStateException(
          "longhaul.notifications.webhook.secrets is set, but nothing can send webhooks: add"
              + " org.apache.httpcomponents.client5:httpclient5 to the application's dependencies.");
    }
    for (String name : settings.channels()) {
      if (name.equals(WebhookChannel.NAME) || channels.find(name).isEmpty()) {
        throw new IllegalStateException(
            "longhaul.notifications.channels has '"
                + name
                + "'; the channels are "
                + channels.names()
                + ", and webhook is used where a callback_url is given.");
      }
    }
  }

  @Override
  public @Nullable NotificationPlan plan(@Nullable String callbackUrl, List<String> asked) {
    Set<Target> targets = new LinkedHashSet<>();
    if (callbackUrl != null) {
      urls.problem(callbackUrl)
          .ifPresent(problem -> {
            throw new IntakeException(new BadRequest(JobOptions.CALLBACK_URL, problem));
          });
      targets.add(new Target(WebhookChannel.NAME, callbackUrl));
    }
    for (String name : asked) {
      targets.add(new Target(known(name), null));
    }
    settings.channels().forEach(name -> targets.add(new Target(name, null)));
    if (targets.isEmpty()) {
      return null;
    }
    return new NotificationPlan(
        DeliveryTool.NAME,
        settings.queue(),
        Priority.HIGH,
        settings.timeout().plus(GRACE),
        new RetryPolicy(settings.attempts(), settings.backoff(), true),
        settings.retryUntil(),
        settings.concurrency(),
        List.copyOf(targets));
  }

  private String known(String name) {
    if (name.equals(WebhookChannel.NAME)) {
      throw new IntakeException(
          new BadRequest(
              JobOptions.NOTIFY, "The channel webhook needs a URL; give it as callback_url."));
    }
    if (channels.find(name).isEmpty()) {
      throw new IntakeException(
          new BadRequest(
              JobOptions.NOTIFY,
              "There is no notification channel '"
                  + name
                  + "'; there are "
                  + channels.names()
                  + "."));
    }
    return name;
  }
}
