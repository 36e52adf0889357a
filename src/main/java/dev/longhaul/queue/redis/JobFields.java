package dev.longhaul.queue.redis;

import dev.longhaul.job.Checkpoints;
import dev.longhaul.job.FlowRef;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobLinks;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.JobState;
import dev.longhaul.job.JobTimes;
import dev.longhaul.job.Limits;
import dev.longhaul.job.NotificationPlan;
import dev.longhaul.job.Priority;
import dev.longhaul.job.Progress;
import dev.longhaul.job.Rate;
import dev.longhaul.job.Utf8;
import dev.longhaul.job.Waiting;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.LeaseToken;
import dev.longhaul.redis.Scripts;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The fields of a job's hash, with short names because every waiting job needs memory for them.
 *
 * <p>{@code st} state, {@code c} the values that never change ({@link FixedFields}), {@code t}
 * tool, {@code p} params, {@code h} headers, {@code q} queue, {@code b} band, {@code f} fence (0 if
 * absent), {@code n} nonce of its holder, {@code pn} nonce of its last holder, {@code a} attempts
 * started (0 if absent), {@code rp} 1 if repeatable, {@code rd} workers lost, {@code md} metadata,
 * {@code x} 1 if it has metadata, limits, a deadline, a key, a flow or {@code nt}, or has asked a
 * question; times in ms: {@code cr} created, {@code qa} queued if not when created, {@code sa}
 * started, {@code up} updated if not when created, {@code fi} finished, {@code du} due, {@code ru}
 * retry until, {@code ex} forgotten; {@code pg} progress, {@code ms} message, {@code er} error,
 * {@code w} channels to notify of changes, {@code ho} 1 if handed out, {@code at} announced TTL;
 * {@code u} digest of the idempotency key; {@code cl cc} slots of the tool and of the caller,
 * {@code rl rc} buckets of tool and caller as 'ms-per-call calls-at-once', {@code og} the owner's
 * index name; {@code wg wr wu} the gate where it waits, the reason, and the expected time, {@code
 * pk} 1 if it has waited at a gate, {@code gp} 1 if it was the probe of a breaker; {@code rf dl}
 * time for attempts and delay of a held job in ms, counted from its start; {@code ro rb} the job
 * that it replays, the job that replays it; {@code fl fx} batch or chain, and index in it; {@code
 * qn} number of questions asked; {@code as} failed attempts and {@code cp} checkpoints ({@link
 * Attempts}); {@code pp} 1 if it has a partial result while it runs; {@code z} the bytes that it
 * counts for in quotas; {@code nt} notifications of its end ({@link NotificationFields}); {@code
 * de} 1 if {@code ru} is its caller's deadline, 2 after it ended because of that; {@code pr} nonce
 * of the holder whose lease was reaped, with a ? if it had not confirmed the start.
 */
final class JobFields {
  private static final TypeReference<Map<String, String>> MAP = new TypeReference<>() {};

  /**
   * The fields that {@link #read} needs, the state first. Without {@code p}, since params can be
   * megabytes and are needed only by claims and replays.
   */
  static final List<String> VIEW =
      List.of(
          "st", "c", "t", "q", "a", "rp", "cr", "sa", "up", "fi", "du", "pg", "ms", "er", "ho",
          "ex", "at", "md", "wr", "wu", "cl", "ro", "rb", "fl", "fx", "qn", "n", "as", "cp");

  /**
   * The approximate size of a job besides its params and metadata in bytes; {@code notify.lua} has
   * the same number.
   */
  private static final int RECORD = 512;

  private static final String[] VIEW_NAMES = VIEW.toArray(String[]::new);

  private final JsonMapper json;

  JobFields(JsonMapper json) {
    this.json = json;
  }

  JsonMapper json() {
    return json;
  }

  /**
   * @param bands the list for each priority
   * @param callerRunning how many jobs of the caller may run at once; empty for no limit
   * @param layout the layout to write, which every process reads ({@link Layout#written})
   */
  List<String> write(
      JobRequest request, ToIntFunction<Priority> bands, OptionalInt callerRunning, int layout) {
    List<String> fields = new ArrayList<>(40);
    // These two first, because enqueue.lua uses them for quotas (quota.lua).
    put(fields, "c", FixedFields.write(request.spec()));
    String metadata =
        request.metadata().isEmpty() ? "" : json.writeValueAsString(request.metadata());
    put(
        fields,
        "z",
        Long.toString(
            RECORD
                + Utf8.length(request.params())
                + Utf8.length(request.headers())
                + Utf8.length(metadata)));
    if (request.tool() != null) {
      put(fields, "t", request.tool());
    }
    if (layout < Layout.HEADERS) {
      put(fields, "p", EarlierHeaders.join(request.params(), request.headers(), json));
    } else {
      put(fields, "p", request.params());
      put(fields, "h", request.headers());
    }
    put(fields, "q", request.queue());
    put(fields, "b", Integer.toString(bands.applyAsInt(request.priority())));
    put(fields, "rp", request.retry().repeatable() ? "1" : "0");
    int plain = fields.size();
    if (!metadata.isEmpty()) {
      put(fields, "md", metadata);
    }
    writeLimits(fields, request, callerRunning);
    if (request.deadline()) {
      put(fields, "de", "1");
    }
    FlowRef flow = request.flow();
    if (flow != null) {
      put(fields, "fl", flow.flow().value());
      put(fields, "fx", Integer.toString(flow.index()));
    }
    NotificationPlan plan = request.notification();
    if (plan != null) {
      int band = bands.applyAsInt(plan.priority());
      put(
          fields,
          NotificationFields.FIELD,
          NotificationFields.write(plan, request.owner(), band, json));
    }
    if (fields.size() > plain) {
      put(fields, "x", "1");
    }
    return fields;
  }

  private static void writeLimits(
      List<String> fields, JobRequest request, OptionalInt callerRunning) {
    Limits limits = request.limits();
    if (limits.concurrency() != null) {
      put(fields, "cl", Integer.toString(limits.concurrency()));
    }
    if (limits.toolRate() != null) {
      put(fields, "rl", bucket(limits.toolRate()));
    }
    if (limits.callerRate() != null) {
      put(fields, "rc", bucket(limits.callerRate()));
    }
    callerRunning.ifPresent(most -> put(fields, "cc", Integer.toString(most)));
    if (limits.callerRate() != null || callerRunning.isPresent()) {
      put(fields, "og", RedisKeys.ownerIndex(request.owner()));
    }
  }

  private static String bucket(Rate rate) {
    return String.format(Locale.ROOT, "%.3f %d", rate.millisPerCall(), rate.calls());
  }

  /** Empty if there are none, so that most jobs do without the field. */
  String write(Checkpoints checkpoints) {
    return Attempts.write(checkpoints, json);
  }

  String write(JobError error) {
    return json.writeValueAsString(error);
  }

  @Nullable JobError readError(@Nullable String stored) {
    return stored == null || stored.isEmpty() ? null : json.readValue(stored, JobError.class);
  }

  /** Reads a job; empty if it is unknown. */
  CompletableFuture<Optional<Job>> find(
      RedisClusterAsyncCommands<String, String> redis, RedisKeys keys, JobId id) {
    return redis
        .hmget(keys.job(id.shard(), id.value()), VIEW_NAMES)
        .toCompletableFuture()
        .thenApply(
            found -> read(id, found.stream().map(value -> value.getValueOrElse(null)).toList()))
        .thenCompose(job ->
            job.filter(known -> known.state() == JobState.QUEUED).isEmpty()
                ? CompletableFuture.completedFuture(job)
                : Scripts.list(redis, Script.FIND, keys.tag(id.shard()), List.of(id.value()))
                    .thenApply(values -> read(id, values)));
  }

  /**
   * @param values the values of {@link #VIEW} in order, null for an absent field; empty if the job
   *     is unknown
   */
  Optional<Job> read(JobId id, List<? extends @Nullable Object> values) {
    if (values.isEmpty() || values.getFirst() == null) {
      return Optional.empty();
    }
    Map<String, String> fields = HashMap.newHashMap(VIEW.size());
    for (int i = 0; i < VIEW.size(); i++) {
      Object value = values.get(i);
      if (value != null) {
        fields.put(VIEW.get(i), (String) value);
      }
    }
    return Optional.of(read(id, fields));
  }

  /**
   * The job as a read gives it that was just stored with these fields and waits or is leased now.
   *
   * @param time when it was stored
   * @param nonce of its lease, or null if it has none
   */
  Job stored(JobId id, List<String> stored, String time, @Nullable String nonce) {
    Map<String, String> fields = HashMap.newHashMap(stored.size() / 2 + 2);
    for (int i = 0; i < stored.size(); i += 2) {
      fields.put(stored.get(i), stored.get(i + 1));
    }
    fields.put("st", JobState.QUEUED.wire());
    fields.put("cr", time);
    if (nonce != null) {
      fields.put("n", nonce);
      if ("1".equals(fields.get("rp"))) { // its lease is its start
        fields.put("st", JobState.RUNNING.wire());
        fields.put("sa", time);
        fields.put("up", time);
        fields.put("a", "1");
      }
    }
    return read(id, fields);
  }

  private Job read(JobId id, Map<String, String> fields) {
    String progress = fields.get("pg");
    Instant created = Instant.ofEpochMilli(number(fields, "cr"));
    JobState state = JobState.fromWire(text(fields, "st")).orElseThrow();
    int attempt = Integer.parseInt(fields.getOrDefault("a", "0"));
    JobError error = error(fields, state);
    return new Job(
        id,
        FixedFields.read(
            text(fields, "c"),
            fields.get("t"),
            text(fields, "q"),
            fields.get("rp"),
            metadata(fields.get("md"))),
        state,
        new Progress(progress == null ? null : Double.valueOf(progress), blankIsNull(fields)),
        new JobTimes(
            created,
            time(fields, "sa"),
            Objects.requireNonNullElse(time(fields, "up"), created),
            time(fields, "fi"),
            time(fields, "du"),
            time(fields, "ex"),
            fields.containsKey("at") ? Duration.ofMillis(number(fields, "at")) : null),
        attempt,
        Attempts.read(fields, state, attempt, error, json),
        error,
        waiting(fields),
        new JobLinks(
            id(fields.get("ro")), id(fields.get("rb")), flow(fields.get("fl"), fields.get("fx"))),
        fields.containsKey("ho"),
        Integer.parseInt(fields.getOrDefault("qn", "0")));
  }

  // The error of an earlier attempt is not an error of a job that completed or was cancelled.
  private @Nullable JobError error(Map<String, String> fields, JobState state) {
    return state == JobState.COMPLETED || state == JobState.CANCELLED
        ? null
        : readError(fields.get("er"));
  }

  private static @Nullable Waiting waiting(Map<String, String> fields) {
    String reason = fields.get("wr");
    if (reason == null) {
      return null;
    }
    String until = Objects.requireNonNullElse(fields.get("wu"), "");
    Waiting.Reason why = Waiting.Reason.valueOf(reason);
    String slots = why == Waiting.Reason.CONCURRENCY ? fields.get("cl") : null;
    return new Waiting(
        why,
        until.isEmpty() ? null : Instant.ofEpochMilli(Long.parseLong(until)),
        slots == null ? null : Integer.valueOf(slots));
  }

  private static @Nullable JobId id(@Nullable String text) {
    return text == null ? null : new JobId(text);
  }

  private static @Nullable FlowRef flow(@Nullable String flow, @Nullable String index) {
    return flow == null || index == null
        ? null
        : new FlowRef(new JobId(flow), Integer.parseInt(index));
  }

  /**
   * @param claimed the values of each {@link ClaimField}
   */
  Claim readClaim(List<?> claimed, String nonce) {
    String params = ClaimField.PARAMS.text(claimed);
    String headers = ClaimField.HEADERS.of(claimed);
    if (headers == null) {
      EarlierHeaders earlier = EarlierHeaders.split(params, json);
      params = earlier.params();
      headers = earlier.headers();
    }
    return new Claim(
        new JobId(ClaimField.ID.text(claimed)),
        new LeaseToken(ClaimField.FENCE.number(claimed), nonce),
        FixedFields.read(
            ClaimField.CONSTANTS.text(claimed),
            ClaimField.TOOL.of(claimed),
            ClaimField.QUEUE.text(claimed),
            ClaimField.REPEATABLE.of(claimed),
            metadata(ClaimField.METADATA.of(claimed))),
        params,
        headers,
        (int) ClaimField.ATTEMPTS.number(claimed) + 1,
        Instant.ofEpochMilli(ClaimField.CREATED.number(claimed)),
        Instant.ofEpochMilli(ClaimField.RETRY_UNTIL.number(claimed)),
        Duration.ofMillis(ClaimField.WAITED.number(claimed)),
        ClaimField.PROBE.number(claimed) == 1,
        flow(ClaimField.FLOW.of(claimed), ClaimField.INDEX.of(claimed)));
  }

  private Map<String, String> metadata(@Nullable String stored) {
    return stored == null ? Map.of() : json.readValue(stored, MAP);
  }

  private static void put(List<String> fields, String name, String value) {
    fields.add(name);
    fields.add(value);
  }

  private static @Nullable String blankIsNull(Map<String, String> fields) {
    String message = fields.get("ms");
    return message == null || message.isEmpty() ? null : message;
  }

  private static String text(Map<String, String> fields, String name) {
    return Objects.requireNonNull(fields.get(name), () -> "job without field " + name);
  }

  private static long number(Map<String, String> fields, String name) {
    return Long.parseLong(text(fields, name));
  }

  private static @Nullable Instant time(Map<String, String> fields, String name) {
    String text = fields.get(name);
    return text == null ? null : Instant.ofEpochMilli(Long.parseLong(text));
  }
}
