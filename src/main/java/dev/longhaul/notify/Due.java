package dev.longhaul.notify;

import dev.longhaul.job.JobId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What one delivery has to tell, as the queue wrote it when its subject ended ({@link
 * dev.longhaul.queue.NotificationQueue}).
 *
 * @param kind job, batch or chain
 * @param url where to, or null
 */
record Due(
    JobId subject,
    String kind,
    String event,
    String state,
    String channel,
    @Nullable String url,
    Instant ended) {

  static Due of(JsonNode arguments) {
    return new Due(
        new JobId(arguments.path("subject").asString()),
        arguments.path("kind").asString(),
        arguments.path("event").asString(),
        arguments.path("state").asString(),
        arguments.path("channel").asString(),
        arguments.path("url").stringValue(null),
        Instant.ofEpochMilli(Long.parseLong(arguments.path("ended").asString("0"))));
  }
}
