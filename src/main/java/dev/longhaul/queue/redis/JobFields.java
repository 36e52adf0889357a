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
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The fields of a job's hash, with short names because every waiting job needs memory for them.
 *
 * <p>{@code st} state: a job that runs is stored as queued, and its claim makes the difference;
 * {@code c} the values that never change ({@link FixedFields}), {@code p} params ({@link Payload}),
 * empty when it has ended, {@code k} its last claim ({@link LastClaim}), {@code x} 1 if it has
 * metadata, limits, a deadline, a key, a flow or {@code nt}, has asked a question or has a partial
 * result; {@code e} when it finished and when it is forgotten, {@code r} its result if that is
 * small ({@link OutcomeFields}). Times in ms: {@code qa} queued if not when created, {@code up}
 * updated if not when it was created, claimed or ended, {@code du} due, {@code ru} retry until, if
 * it was held. {@code rd} workers lost, {@code md} metadata, {@code pg} progress, {@code ms}
 * message, {@code er} error, {@code w} channels to notify of changes, {@code ho} 1 if handed out,
 * {@code at} announced TTL; {@code u} digest of the idempotency key; {@code cl cc} slots of the
 * tool and of the caller, {@code rl rc} buckets of tool and caller as 'ms-per-call calls-at-once';
 * {@code wg wr wu} the gate where it waits, the reason, and the expected time, {@code pk} 1 if it
 * has waited at a gate, {@code gp} 1 if it was the probe of a breaker; {@code dl} delay of a held
 * job in ms, counted from its start; {@code ro rb} the job that it replays, the job that replays
 * it; {@code fl fx} batch or chain, and index in it; {@code qn} number of questions asked; {@code
 * as} failed attempts and {@code cp} checkpoints ({@link Attempts}); {@code pp} 1 if it has a
 * partial result while it runs; {@code nt} notifications of its end ({@link NotificationFields});
 * {@code de} 1 if the time for attempts is its caller's deadline, 2 after it ended because of that.
 */
final class JobFields {
  private static final TypeReference<Map<String, String>> MAP = new TypeReference<>() {};

  /**
   * The fields that {@link #read} needs, the state first. Without {@code p}, since params can be
   * megabytes and are needed only by claims and replays.
   */
  static final List<String> VIEW =
      List.of(
          "st", "c", "k", "e", "up", "du", "pg", "ms", "er", "ho", "at", "md", "wr", "wu", "cl",
          "ro", "rb", "fl", "fx", "qn", "as", "cp");

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
   * Writes what is stored of a new job: its constants, its params, and field, value, … of what only
   * some jobs have.
   *
   * @param queue settings of the bands and lines in which jobs wait
   * @param callerRunning how many jobs of the caller may run at once; empty for no limit
   */
  List<String> write(
      JobRequest request, RedisQueueProperties.Queue queue, OptionalInt callerRunning) {
    List<String> fields = new ArrayList<>();
    String metadata =
        request.metadata().isEmpty() ? "" : json.writeValueAsString(request.metadata());
    long size =
        RECORD
            + Utf8.length(request.params())
            + Utf8.length(request.headers())
            + Utf8.length(metadata);
    fields.add(
        FixedFields.write(
            request, size, queue.band(request.priority()), queue.line(request.internal())));
    fields.add(new Payload(request.params(), request.headers()).text());
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
      int band = queue.band(plan.priority());
      put(
          fields,
          NotificationFields.FIELD,
          NotificationFields.write(plan, request.owner(), band, queue.line(true), json));
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
            job.filter(known ->
                    known.state() == JobState.QUEUED || known.state() == JobState.INPUT_REQUIRED)
                    .isEmpty()
                ? CompletableFuture.completedFuture(job)
                : Scripts.list(redis, Script.FIND, keys.tag(id.shard()), List.of(id.value()))
                    .thenApply(values -> read(id, values)));
  }

  /**
   * @param values the values of {@link #VIEW} in order, null for an absent field; empty if the job
   *     is unknown
   */
  Optional<Job> read(JobId id, List<? extends @Nullable Object> values) {
    if (values.isEmpty() || values.get(0) == null || values.get(1) == null) {
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
   * @param stored as {@link #write} returns it
   * @param time when it was stored
   * @param nonce of its lease, or null if it has none
   */
  Job stored(JobId id, List<String> stored, String time, @Nullable String nonce) {
    Map<String, String> fields = HashMap.newHashMap(stored.size() / 2 + 2);
    fields.put("st", JobState.QUEUED.wire());
    fields.put("c", time + " " + stored.getFirst());
    for (int i = 2; i < stored.size(); i += 2) {
      fields.put(stored.get(i), stored.get(i + 1));
    }
    // For a repeatable job its lease is its start.
    if (nonce != null && stored.getFirst().split(" ", 3)[1].equals("1")) {
      fields.put("st", JobState.RUNNING.wire());
      fields.put("k", nonce + " 1 1 " + time);
    }
    return read(id, fields);
  }

  private Job read(JobId id, Map<String, String> fields) {
    String progress = fields.get("pg");
    FixedFields fixed = FixedFields.read(text(fields, "c"), metadata(fields.get("md")));
    LastClaim claim = LastClaim.read(fields.get("k"));
    String[] end = fields.getOrDefault("e", "").split(" ", -1);
    Instant finished = end.length > 1 ? time(end[0]) : null;
    JobState state = JobState.fromWire(text(fields, "st")).orElseThrow();
    JobError error = error(fields, state);
    return new Job(
        id,
        fixed.spec(),
        state,
        new Progress(progress == null ? null : Double.valueOf(progress), blankIsNull(fields)),
        new JobTimes(
            fixed.created(),
            claim.startedAt(),
            finished != null ? finished : updated(fields.get("up"), fixed, claim),
            finished,
            fields.containsKey("du") ? time(text(fields, "du")) : null,
            finished == null ? null : time(end[1]),
            fields.containsKey("at") ? Duration.ofMillis(number(fields, "at")) : null),
        claim.attempt(),
        Attempts.read(fields, state, claim, finished, error, json),
        error,
        waiting(fields),
        new JobLinks(
            id(fields.get("ro")), id(fields.get("rb")), flow(fields.get("fl"), fields.get("fx"))),
        fields.containsKey("ho"),
        Integer.parseInt(fields.getOrDefault("qn", "0")));
  }

  // Creating and claiming a job do not write the time of the update.
  private static Instant updated(@Nullable String stored, FixedFields fixed, LastClaim claim) {
    Instant latest = stored == null ? fixed.created() : time(stored);
    Instant started = claim.startedAt();
    return started != null && started.isAfter(latest) ? started : latest;
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
   * @param more the values of each {@link ClaimField}; null at the first attempt of a plain job
   * @param now the time of the claim in ms
   */
  Claim readClaim(
      String id, String constants, String stored, @Nullable List<?> more, String nonce, long now) {
    Payload payload = Payload.read(stored);
    String metadata = more == null ? null : ClaimField.METADATA.of(more);
    FixedFields fixed = FixedFields.read(constants, metadata(metadata));
    long created = fixed.created().toEpochMilli();
    String queued = more == null ? null : ClaimField.QUEUED.of(more);
    String retryUntil = more == null ? null : ClaimField.RETRY_UNTIL.of(more);
    return new Claim(
        new JobId(id),
        new LeaseToken(more == null ? 1 : ClaimField.FENCE.number(more), nonce),
        fixed.spec(),
        payload.params(),
        payload.headers(),
        more == null ? 1 : (int) ClaimField.ATTEMPT.number(more),
        fixed.created(),
        retryUntil == null ? fixed.created().plus(fixed.retryFor()) : time(retryUntil),
        Duration.ofMillis(now - (queued == null ? created : Long.parseLong(queued))),
        more != null && ClaimField.PROBE.number(more) == 1,
        more == null ? null : flow(ClaimField.FLOW.of(more), ClaimField.INDEX.of(more)));
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

  private static Instant time(String millis) {
    return Instant.ofEpochMilli(Long.parseLong(millis));
  }
}
