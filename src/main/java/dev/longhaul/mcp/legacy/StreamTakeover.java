package dev.longhaul.mcp.legacy;

import dev.longhaul.job.JobId;
import dev.longhaul.mcp.stream.AwaitedJob;
import dev.longhaul.mcp.wire.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A stream that was taken over, with the data that its first process stored in Redis about the
 * request.
 *
 * @param owner the new owner
 * @param waited for how long its call has been held
 * @param fields of the stream's hash (docs/redis-layout.md)
 */
public record StreamTakeover(long owner, Duration waited, Map<String, String> fields) {
  private static final String JOB = "j";
  private static final String LIMIT = "l";
  private static final String DIGEST = "c";
  private static final String JOINED_SINCE = "s";

  /** Writes the fields that {@link #awaited} reads. */
  static void describe(AwaitedJob awaited, Map<String, String> fields) {
    fields.put(JOB, awaited.job().value());
    if (awaited.limit() != null) {
      fields.put(LIMIT, Long.toString(awaited.limit().toMillis()));
    }
    String digest = awaited.digest().get();
    if (digest != null) {
      fields.put(DIGEST, digest);
    }
    if (awaited.joinedSince() != null) {
      fields.put(JOINED_SINCE, Long.toString(awaited.joinedSince().toEpochMilli()));
    }
  }

  /** The job that its call waits for; empty if it waits for none. */
  Optional<AwaitedJob> awaited() {
    String job = fields.get(JOB);
    if (job == null || !JobId.isValid(job)) {
      return Optional.empty();
    }
    String limit = fields.get(LIMIT);
    String digest = fields.get(DIGEST);
    String since = fields.get(JOINED_SINCE);
    return Optional.of(
        new AwaitedJob(
            new JobId(job),
            limit == null ? null : Duration.ofMillis(Long.parseLong(limit)),
            () -> digest,
            since == null ? null : Instant.ofEpochMilli(Long.parseLong(since))));
  }

  /** Whether the stream has ended. */
  boolean ended() {
    return fields.containsKey("e");
  }

  /** The id of the request that it answers; null if it answers none. */
  @Nullable JsonNode requestId() {
    return json("r");
  }

  /** The progress token of the request; null if the client wants no progress. */
  @Nullable JsonNode progressToken() {
    return json("t");
  }

  /** The params of the last progress notification; null if there was none. */
  @Nullable JsonNode lastProgress() {
    return json("p");
  }

  /** The kind of response, see {@link Resumption}. */
  String kind() {
    return fields.getOrDefault("k", "");
  }

  /** The process that runs the call itself, see {@link ProcessLease}; null if it is a job. */
  @Nullable String process() {
    return fields.get("h");
  }

  private @Nullable JsonNode json(String field) {
    String text = fields.get(field);
    return text == null ? null : Json.tree(text);
  }
}
