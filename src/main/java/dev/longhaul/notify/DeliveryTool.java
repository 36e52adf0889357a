package dev.longhaul.notify;

import dev.longhaul.catalog.BreakerPolicy;
import dev.longhaul.catalog.CallContext;
import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolCall;
import dev.longhaul.catalog.ToolHandler;
import dev.longhaul.catalog.ToolPolicy;
import dev.longhaul.job.JobId;
import dev.longhaul.job.Priority;
import dev.longhaul.job.RetryPolicy;
import dev.longhaul.queue.DeliveryEntry;
import dev.longhaul.queue.NotificationQueue;
import dev.longhaul.queue.QueueUnavailableException;
import dev.longhaul.tool.Execution;
import dev.longhaul.tool.PermanentFailureException;
import dev.longhaul.tool.RetryLaterException;
import dev.longhaul.tool.TaskSupport;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The internal tool whose jobs deliver notifications. The queue creates these jobs when a job,
 * batch or chain ends; retries, backoff and dead letters work as for any job. Clients cannot call
 * it.
 */
final class DeliveryTool implements ToolHandler {
  static final String NAME = "longhaul.notify";
  private static final Logger log = LoggerFactory.getLogger(DeliveryTool.class);
  private static final int MAX_MESSAGE = 300;

  private final Channels channels;
  private final Payloads payloads;
  private final NotificationQueue entries;
  private final ApplicationEventPublisher events;
  private final NotificationProperties settings;
  private final Clock clock;
  private final JsonMapper json;

  DeliveryTool(
      Channels channels,
      Payloads payloads,
      NotificationQueue entries,
      ApplicationEventPublisher events,
      NotificationProperties settings,
      Clock clock,
      JsonMapper json) {
    this.channels = channels;
    this.payloads = payloads;
    this.entries = entries;
    this.events = events;
    this.settings = settings;
    this.clock = clock;
    this.json = json;
  }

  /** The tool for workers. */
  Tool tool() {
    ObjectNode description = json.createObjectNode().put("name", NAME);
    description.putObject("inputSchema").put("type", "object");
    return new Tool(
        description,
        ToolPolicy.of(Execution.QUEUED, settings.timeout())
            .queue(settings.queue())
            .priority(Priority.HIGH)
            .retry(new RetryPolicy(settings.attempts(), settings.backoff(), true))
            .internal(true)
            // No circuit breaker, since one failing receiver says nothing about the others.
            .breaker(new BreakerPolicy(0, Duration.ofMinutes(1)))
            .taskSupport(TaskSupport.FORBIDDEN)
            .build(),
        this);
  }

  @Override
  public ObjectNode call(ToolCall call) {
    CallContext job = call.context();
    Due due = Due.of(call.arguments());
    var notification =
        new Notification(
            due.messageId(),
            due.event(),
            due.ended() == null ? clock.instant() : due.ended(),
            due.subject(),
            job.caller(),
            due.url(),
            job.attempt(),
            payloads.of(due));
    Instant from = clock.instant();
    Receipt receipt;
    try {
      receipt = channel(due).deliver(notification);
    } catch (Exception e) {
      // The interrupt flag would abort the following write.
      boolean interrupted = Thread.interrupted() || e instanceof InterruptedException;
      throw failed(due, job, notification, from, interrupted ? stopped() : described(e));
    }
    var attempt =
        new DeliveryEntry.Attempt(job.attempt(), took(from), receipt.status(), null, null);
    record(due, job, from, attempt);
    publish(new NotificationDelivered(notification, due.channel(), new JobId(job.id()), receipt));
    ObjectNode result = json.createObjectNode();
    result.putArray("content");
    return result;
  }

  private NotificationChannel channel(Due due) throws DeliveryException {
    return channels
        .find(due.channel())
        .orElseThrow(() ->
            new DeliveryException(
                "UNKNOWN_CHANNEL",
                "This worker has no notification channel '" + due.channel() + "'."));
  }

  private RuntimeException failed(
      Due due,
      CallContext job,
      Notification notification,
      Instant from,
      DeliveryException failure) {
    String message = shortened(String.valueOf(failure.getMessage()));
    record(
        due,
        job,
        from,
        new DeliveryEntry.Attempt(
            job.attempt(), took(from), failure.status(), failure.code(), message));
    if (failure.permanent() || job.attempt() >= settings.attempts()) {
      log.warn(
          "The notification of {} {} on channel {} failed ({}); job {} shows its attempts, and it can be"
              + " replayed",
          due.event(),
          due.subject(),
          due.channel(),
          failure.code(),
          job.id());
      publish(
          new NotificationFailed(
              notification, due.channel(), new JobId(job.id()), failure.code(), message));
    }
    if (failure.permanent()) {
      return new PermanentFailureException(failure.code() + ": " + message, failure);
    }
    Duration wait = failure.retryAfter();
    return wait == null
        ? new IllegalStateException(failure.code() + ": " + message, failure)
        : new RetryLaterException(failure.code() + ": " + message, wait);
  }

  private static DeliveryException stopped() {
    return new DeliveryException(
        "STOPPED",
        "The attempt was interrupted: it took longer than longhaul.notifications.timeout, or its"
            + " worker had to end.");
  }

  // The message of a user's channel or listener may be long and contain anything.
  private static DeliveryException described(Exception thrown) {
    if (thrown instanceof DeliveryException known) {
      return known;
    }
    return new DeliveryException(
        thrown.getClass().getSimpleName(),
        String.valueOf(thrown.getMessage()),
        null,
        thrown instanceof PermanentFailureException,
        thrown instanceof RetryLaterException later ? later.after() : null);
  }

  private static String shortened(String message) {
    return message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE) + "…";
  }

  private Duration took(Instant from) {
    return Duration.between(from, clock.instant());
  }

  // A failed write of the log must not repeat the delivery.
  private void record(
      Due due, CallContext job, Instant from, DeliveryEntry.@Nullable Attempt attempt) {
    try {
      entries.record(
          due.subject(),
          new DeliveryEntry(new JobId(job.id()), due.channel(), due.event(), from, attempt));
    } catch (QueueUnavailableException e) {
      log.warn("A delivery attempt of {} could not be logged ({})", due.subject(), e.getMessage());
    }
  }

  private void publish(Object event) {
    try {
      events.publishEvent(event);
    } catch (RuntimeException e) {
      log.warn("A listener of {} failed; the delivery is not affected", event.getClass(), e);
    }
  }
}
