package dev.longhaul.notify;

import dev.longhaul.job.JobId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The content of one delivery, written by the queue when its subject ended ({@link
 * dev.longhaul.queue.NotificationQueue}).
 *
 * @param kind job, batch or chain
 * @param url the target, or null
 * @param ended when it ended, or null if it has not: a callback of a batch or chain may come before
 * @param callback the callback of a batch or chain, or null if this is none
 */
record Due(
    JobId subject,
    String kind,
    String event,
    String state,
    String channel,
    @Nullable String url,
    @Nullable Instant ended,
    @Nullable String callback) {

  /** The id of the message: the same for every attempt, another for every callback. */
  String messageId() {
    return "msg_" + subject.value() + (callback == null ? "" : "_" + callback);
  }

  static Due of(JsonNode arguments) {
    return new Due(
        new JobId(arguments.path("subject").asString()),
        arguments.path("kind").asString(),
        arguments.path("event").asString(),
        arguments.path("state").asString(),
        arguments.path("channel").asString(),
        arguments.path("url").stringValue(null),
        arguments.has("ended")
            ? Instant.ofEpochMilli(Long.parseLong(arguments.path("ended").asString("0")))
            : null,
        arguments.path("callback").stringValue(null));
  }
}
