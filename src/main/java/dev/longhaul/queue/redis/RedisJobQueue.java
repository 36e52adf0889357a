package dev.longhaul.queue.redis;

import static java.util.Comparator.naturalOrder;

import dev.longhaul.job.IdempotencyKey;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.JobState;
import dev.longhaul.job.OpenQuestion;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Partial;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.FlowView;
import dev.longhaul.queue.HandOff;
import dev.longhaul.queue.IdempotencyConflictException;
import dev.longhaul.queue.JobFilter;
import dev.longhaul.queue.JobPage;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.LeaseToken;
import dev.longhaul.queue.QueueAdmin.QueueState;
import dev.longhaul.queue.QueueAdmin.QueueView;
import dev.longhaul.queue.QueueDepths;
import dev.longhaul.queue.QueueDrainingException;
import dev.longhaul.queue.QueueFullException;
import dev.longhaul.queue.QueueUnavailableException;
import dev.longhaul.queue.ResultProperties;
import dev.longhaul.redis.RedisConnections;
import dev.longhaul.redis.Scripts;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Implements {@link JobQueue} on Redis. */
final class RedisJobQueue implements JobQueue {
  private static final Logger log = LoggerFactory.getLogger(RedisJobQueue.class);
  private static final String PAUSED = "paused";
  private static final String LEASED = "leased";

  /** For a job that no worker of this process waits for. */
  private static final String NO_LEASE = "- 0";

  /** For a job that is stored whether or not equal calls are held. */
  private static final String NO_DIGEST = "-";

  /** What the script answers if equal calls are held. */
  private static final Long HELD = -8L;

  static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final QueueConnections connections;
  private final RedisKeys keys;
  private final Shards shards;
  private final JobFields fields;
  private final Watchers watchers;
  private final RedisQueueProperties properties;
  private final ResultProperties results;
  private final Quotas quotas;
  private final Clock clock;
  private final Layout layout;
  private final Listing listing;
  private final Map<Integer, EnqueueCalls> calls = new ConcurrentHashMap<>();
  private final RedisFlowQueue flows;
  private final LargeResults large;
  private final Questions questions;
  private volatile HandOff worker = HandOff.NONE;

  RedisJobQueue(
      QueueConnections connections,
      RedisKeys keys,
      Shards shards,
      Layout layout,
      JobFields fields,
      Watchers watchers,
      RedisQueueProperties properties,
      ResultProperties results,
      Quotas quotas,
      RedisFlowQueue flows,
      Clock clock) {
    this.connections = connections;
    this.keys = keys;
    this.shards = shards;
    this.fields = fields;
    this.watchers = watchers;
    this.properties = properties;
    this.results = results;
    this.quotas = quotas;
    this.flows = flows;
    this.clock = clock;
    this.layout = layout;
    this.listing = new Listing(connections, keys, shards, fields);
    this.large = new LargeResults(connections, keys, results.compressSize().toBytes());
    this.questions = new Questions(connections, keys, fields.json());
  }

  @Override
  public List<JobId> enqueue(List<JobRequest> requests) {
    layout.agreed();
    int shard = shards.of(requests, connections::isLost);
    List<String> args = new ArrayList<>(requests.size() * 16);
    for (JobRequest request : requests) {
      add(args, JobId.create(clock.millis(), shard), request, fields(request), NO_LEASE, NO_DIGEST);
    }
    return accepted(answered(shard, requests.size(), args)).stream()
        .map(one -> one.indexOf(' ') < 0 ? one : one.substring(0, one.indexOf(' ')))
        .map(JobId::new)
        .toList();
  }

  @Override
  public Watch handTo(HandOff its) {
    worker = its;
    return () -> worker = HandOff.NONE;
  }

  @Override
  public Job submit(JobRequest request, boolean awaited) {
    layout.agreed();
    int shard = shards.of(List.of(request), connections::isLost);
    return submit(request, awaited, shard, NO_DIGEST).orElseThrow();
  }

  @Override
  public Optional<Job> submitUnlessHeld(JobRequest request, String digest) {
    layout.agreed();
    int shard = shards.of(request, digest, connections::isLost);
    if (shard == shards.home(digest)) {
      return submit(request, true, shard, digest);
    }
    // The records are in another shard, so the script cannot look for them.
    return isHeld(digest) ? Optional.empty() : submit(request, true, shard, NO_DIGEST);
  }

  private boolean isHeld(String digest) {
    try {
      return connections.await(redis().exists(keys.heldCalls(shards.home(digest), digest))) > 0;
    } catch (QueueUnavailableException e) {
      log.debug("Whether equal calls are held is not known; the call runs as a new one", e);
      return false;
    }
  }

  private Optional<Job> submit(JobRequest request, boolean awaited, int shard, String digest) {
    JobId id = JobId.create(clock.millis(), shard);
    List<String> stored = fields(request);
    if (awaited) {
      watchers.expect(id);
      stored.add("w");
      stored.add(watchers.channel());
    }
    String nonce = watchers.nonce();
    Job job = null;
    try {
      Stored answer = store(shard, id, request, stored, nonce, digest).orElse(null);
      if (answer == null) {
        return Optional.empty();
      }
      if (answer.isKnown()) {
        job = fields.stored(id, stored, answer.time(), answer.isLeased() ? nonce : null);
        if (awaited) {
          watchers.stored(job);
        }
        return Optional.of(job);
      }
      return Optional.of(
          find(answer.id())
              .orElseThrow(() -> new IllegalStateException("job " + answer.id() + " is gone")));
    } finally {
      if (awaited && job == null) {
        watchers.forget(id);
      }
    }
  }

  /**
   * What the script answered for a job.
   *
   * @param time when it was stored, in ms; empty if it was stored before
   * @param how waits, paused or leased
   */
  private record Stored(JobId id, String time, String how) {
    static Stored of(String answer) {
      String[] parts = answer.split(" ", -1);
      return parts.length == 1
          ? new Stored(new JobId(parts[0]), "", "")
          : new Stored(new JobId(parts[0]), parts[1], parts[2]);
    }

    boolean isNew() {
      return !time.isEmpty();
    }

    boolean isLeased() {
      return how.equals(LEASED);
    }

    /** Whether the job is as it was given; else it must be read. */
    boolean isKnown() {
      return isNew() && !how.equals(PAUSED);
    }
  }

  // Empty if equal calls are held.
  private Optional<Stored> store(
      int shard, JobId id, JobRequest request, List<String> stored, String nonce, String digest) {
    List<String> args = new ArrayList<>(16 + stored.size());
    Optional<HandOff.Place> place = place(request);
    if (place.isEmpty()) {
      add(args, id, request, stored, NO_LEASE, digest);
      return one(answered(shard, 1, args));
    }
    add(args, id, request, stored, nonce + " " + properties.queue().lease().toMillis(), digest);
    CompletableFuture<List<Object>> answer;
    try {
      answer = connections.inTime(calls(shard).add(redis(), 1, args));
    } catch (RuntimeException e) {
      place.get().free(); // it was not sent
      throw e;
    }
    // Where the reply arrives, so that the job begins before this thread is awake. Not as a stage
    // of
    // the awaited future: if the wait ends first it cancels that one, which would skip the stage.
    var handed = new CompletableFuture<List<Object>>();
    var _ =
        answer.whenComplete((reply, failure) -> {
          try {
            hand(place.get(), id, request, nonce, reply);
          } finally {
            if (reply == null) {
              handed.completeExceptionally(
                  failure == null ? new IllegalStateException("no reply") : failure);
            } else {
              handed.complete(reply);
            }
          }
        });
    return one(awaited(shard, () -> connections.await(handed)));
  }

  private Optional<Stored> one(List<Object> answer) {
    return answer.getFirst().equals(HELD)
        ? Optional.empty()
        : Optional.of(Stored.of(accepted(answer).getFirst()));
  }

  private Optional<HandOff.Place> place(JobRequest request) {
    boolean now = !request.held() && request.delay().isZero() && request.flow() == null;
    return now && !connections.waitsForReplicas() ? worker.place(request) : Optional.empty();
  }

  private void hand(
      HandOff.Place place,
      JobId id,
      JobRequest request,
      String nonce,
      @Nullable List<Object> reply) {
    if (reply == null) {
      place.giveBack(claim(id, request, nonce, clock.millis()));
      return;
    }
    if (!reply.getFirst().equals(1L)) {
      place.free();
      return;
    }
    Stored stored = Stored.of((String) reply.get(1));
    if (stored.isLeased()) {
      place.run(claim(id, request, nonce, Long.parseLong(stored.time())));
    } else if (!stored.isNew() && stored.id().equals(id)) {
      // Redis has executed the command twice, since a connection broke in between. The first time
      // may have leased it.
      place.giveBack(claim(id, request, nonce, clock.millis()));
    } else {
      place.free();
    }
  }

  // The first claim of a job; its fence is 1.
  private static Claim claim(JobId id, JobRequest request, String nonce, long created) {
    Instant from = Instant.ofEpochMilli(created);
    return new Claim(
        id,
        new LeaseToken(1, nonce),
        request.spec(),
        request.params(),
        request.headers(),
        1,
        from,
        from.plusMillis(request.retryUntil().toMillis()),
        Duration.ZERO,
        false,
        null);
  }

  private List<String> fields(JobRequest request) {
    return fields.write(request, properties.queue(), quotas.callerRunning());
  }

  private void add(
      List<String> args,
      JobId id,
      JobRequest request,
      List<String> stored,
      String lease,
      String digest) {
    IdempotencyKey key = request.idempotency();
    args.add(id.value());
    args.add(
        String.join(
            " ",
            FixedFields.queue(request.queue()),
            Integer.toString(properties.queue().band(request.priority())),
            Long.toString(request.delay().toMillis()),
            request.held() ? "1" : "0",
            Long.toString(request.delay().plus(request.retryUntil()).toMillis()),
            RedisKeys.ownerIndex(request.owner()),
            properties.queue().line(request.internal()),
            Long.toString(indexTtl(request).toMillis()),
            key == null ? "-" : key.digest(),
            key == null ? "-" : key.arguments(),
            request.deadline() ? "1" : "0",
            lease,
            digest));
    args.add(Integer.toString(stored.size() / 2 - 1));
    args.addAll(stored);
  }

  private List<Object> answered(int shard, int count, List<String> args) {
    // The wait for replicas needs a connection that the caller's thread may have to open.
    return awaited(
        shard,
        () ->
            connections.waitsForReplicas()
                ? connections.promise(shard, redis -> enqueue(redis, shard, count, args))
                : connections.await(connections.inTime(calls(shard).add(redis(), count, args))));
  }

  private List<Object> awaited(int shard, Supplier<List<Object>> answer) {
    try {
      return answer.get();
    } catch (QueueUnavailableException e) {
      // It may have been stored, so it is not retried in another shard; only later jobs use another
      // one.
      if (connections.isCluster() && !RedisConnections.isOutOfMemory(e)) {
        shards.putAside(shard);
      }
      throw full(e);
    }
  }

  // Held until its result is stored, so that no worker claims it.
  @Override
  public Optional<JobId> keep(JobRequest request, Outcome.Answered outcome) {
    JobId id = enqueue(List.of(request.heldBack())).getFirst();
    String nonce = Long.toHexString(ThreadLocalRandom.current().nextLong());
    Duration ttl = results.ttlOf(outcome.json().length());
    Duration statusTtl = results.statusTtl().compareTo(ttl) < 0 ? ttl : results.statusTtl();
    boolean ended = false;
    try {
      connections.await(large.stage(id, OutcomeFields.write(outcome), nonce));
      List<String> args =
          List.of(
              id.value(),
              nonce,
              Long.toString(statusTtl.toMillis()),
              Long.toString(ttl.toMillis()));
      ended =
          connections.await(Scripts.number(redis(), Script.KEEP, keys.tag(id.shard()), args)) > 0;
    } finally {
      if (!ended) {
        var _ = delete(id, true);
      }
    }
    return ended ? Optional.of(id) : Optional.empty();
  }

  private EnqueueCalls calls(int shard) {
    return calls.computeIfAbsent(
        shard,
        _ ->
            new EnqueueCalls(
                (redis, count, jobs) -> connections.inTime(enqueue(redis, shard, count, jobs))));
  }

  private CompletableFuture<List<Object>> enqueue(
      RedisClusterAsyncCommands<String, String> redis, int shard, int count, List<String> jobs) {
    List<String> args = new ArrayList<>(4 + jobs.size());
    args.add(Integer.toString(Math.ceilDiv(properties.queue().maxLength(), shards.configured())));
    args.add(Long.toString(properties.queue().maxHeld().toMillis()));
    args.add(quotas.ofOneShard());
    args.add(Integer.toString(count));
    args.addAll(jobs);
    return Scripts.list(redis, Script.ENQUEUE, keys.tag(shard), args);
  }

  private List<String> accepted(List<Object> answer) {
    int code = ((Long) answer.get(0)).intValue();
    return switch (code) {
      case 1 -> answer.stream().skip(1).map(String.class::cast).toList();
      case 0 ->
          throw new QueueFullException(
              "The queue "
                  + answer.get(1)
                  + " is full: "
                  + answer.get(2)
                  + " jobs wait and longhaul.queue.max-length is "
                  + properties.queue().maxLength()
                  + (shards.configured() > 1 ? " over all " + shards.configured() + " shards" : "")
                  + ". Try again later, or let the operator add workers.",
              RETRY_AFTER);
      case -2 -> throw new IdempotencyConflictException(new JobId((String) answer.get(1)));
      case -3 -> throw new QueueDrainingException((String) answer.get(1));
      case -7 -> throw quotas.exceeded(answer);
      default -> throw memoryFull();
    };
  }

  @Override
  public Optional<Job> find(JobId id) {
    return connections.await(fields.find(redis(), keys, id));
  }

  @Override
  public Optional<Job> operation(JobId id) {
    return find(id).or(() -> flow(id));
  }

  private Optional<Job> flow(JobId id) {
    return flows.find(id).map(FlowView::job);
  }

  @Override
  public Optional<Outcome> outcome(JobId id) {
    var status =
        connections.await(redis().hmget(keys.job(id.shard(), id.value()), "st", "er", "r"));
    if (JobState.fromWire(status.get(0).getValueOrElse("")).filter(JobState::terminal).isEmpty()) {
      return Optional.empty();
    }
    String small = status.get(2).getValueOrElse(null);
    Map<String, String> stored =
        small != null
            ? OutcomeFields.unpack(small, fields.json())
            : connections.await(large.read(id));
    return stored.isEmpty()
        ? Optional.empty()
        : Optional.of(
            OutcomeFields.read(stored, fields.readError(status.get(1).getValueOrElse(""))));
  }

  @Override
  public Optional<Partial> partial(JobId id) {
    return Optional.ofNullable(
        OutcomeFields.partial(
            connections.await(redis().hgetall(keys.partial(id.shard(), id.value())))));
  }

  @Override
  public JobPage list(JobFilter filter) {
    layout.agreed();
    return listing.page(filter);
  }

  @Override
  public CancelAnswer cancel(JobId id) {
    List<String> args = List.of(id.value(), Long.toString(results.statusTtl().toMillis()));
    long answer =
        connections.await(Scripts.number(redis(), Script.CANCEL, keys.tag(id.shard()), args));
    return answer > 0
        ? CancelAnswer.CANCELLED
        : answer == 0 ? CancelAnswer.ALREADY_FINISHED : flows.cancel(id);
  }

  @Override
  public ReleaseAnswer release(JobId id) {
    long answer =
        connections.promise(
            id.shard(),
            redis ->
                Scripts.number(redis, Script.RELEASE, keys.tag(id.shard()), List.of(id.value())));
    return answer > 0
        ? ReleaseAnswer.RELEASED
        : answer == 0 || flow(id).isPresent() ? ReleaseAnswer.NOT_HELD : ReleaseAnswer.UNKNOWN;
  }

  @Override
  public Optional<Job> detach(JobId id, @Nullable Duration announcedTtl) {
    List<String> args =
        List.of(id.value(), announcedTtl == null ? "" : Long.toString(announcedTtl.toMillis()));
    List<Object> answer =
        connections.await(Scripts.list(redis(), Script.DETACH, keys.tag(id.shard()), args));
    return fields
        .read(id, answer)
        .or(() -> {
          flows.handOut(id);
          return flow(id);
        });
  }

  @Override
  public DeleteAnswer delete(JobId id, boolean force) {
    long answer =
        connections.await(
            Scripts.number(
                redis(),
                Script.DELETE,
                keys.tag(id.shard()),
                List.of(id.value(), force ? "1" : "0", "")));
    return answer > 0
        ? DeleteAnswer.DELETED
        : answer == 0 ? DeleteAnswer.NOT_FINISHED : DeleteAnswer.UNKNOWN;
  }

  @Override
  public List<OpenQuestion> questions(JobId id) {
    return connections.await(questions.open(id));
  }

  // Waits for replicas like an acknowledged job: a client that has answered must not be asked
  // again.
  @Override
  public int answer(JobId id, Map<String, String> answers) {
    return answers.isEmpty() ? 0 : connections.await(questions.answer(id, answers));
  }

  @Override
  public JobWatch watch(JobId id, Watcher listener) {
    Watchers.Expected begun = watchers.take(id, listener);
    if (begun != null) {
      return new FoundWatch(begun, Optional.of(begun.job()));
    }
    Watch watch = watchers.watch(id, listener);
    try {
      List<Object> found =
          connections.await(
              Scripts.list(
                  redis(),
                  Script.WATCH,
                  keys.tag(id.shard()),
                  List.of(id.value(), watchers.channel())));
      return new FoundWatch(watch, fields.read(id, found).or(() -> flow(id)));
    } catch (RuntimeException e) {
      watch.close();
      throw e;
    }
  }

  /** A watch with what it found. */
  private record FoundWatch(Watch watch, Optional<Job> job) implements JobWatch {
    @Override
    public void close() {
      watch.close();
    }
  }

  @Override
  public List<JobId> keyed(String digest) {
    var answers =
        shards.all().stream().map(shard -> redis().get(keys.idempotency(shard, digest))).toList();
    List<JobId> ids = new ArrayList<>();
    for (var answer : answers) {
      String known = connections.await(answer);
      if (known != null) {
        ids.add(new JobId(known.substring(0, known.indexOf(' '))));
      }
    }
    return ids;
  }

  @Override
  public Optional<RunTime> runTime(String tool) {
    String average = connections.await(redis().hget(keys.times(shards.home(tool)), tool));
    if (average == null) {
      return Optional.empty();
    }
    String[] parts = average.split(" ", -1);
    return Optional.of(
        new RunTime(Duration.ofMillis(Long.parseLong(parts[0])), Long.parseLong(parts[1])));
  }

  @Override
  public QueueDepths depths() {
    layout.refreshed();
    long scheduled = 0;
    long running = 0;
    long held = 0;
    List<QueueView> views = new ArrayList<>();
    for (List<Object> answer : connections.onEach(shards.all(), Script.DEPTHS, List.of())) {
      scheduled += (Long) answer.get(0);
      running += (Long) answer.get(1);
      held += (Long) answer.get(2);
      views.addAll(QueueViews.read((List<?>) answer.get(3)));
    }
    views = QueueViews.merge(views);
    Map<String, List<Long>> waiting = new TreeMap<>();
    long heldBack = 0;
    for (QueueView view : views) {
      boolean paused = view.state() == QueueState.PAUSED;
      // Not counted, because autoscaling by this number would not help them.
      waiting.put(
          view.name(), paused ? view.waiting().stream().map(_ -> 0L).toList() : view.waiting());
      heldBack += view.heldBack();
      heldBack += paused ? view.waiting().stream().mapToLong(n -> n).sum() : 0;
    }
    return new QueueDepths(
        waiting,
        scheduled,
        running,
        held,
        heldBack,
        views.stream().map(QueueView::oldestWaiting).max(naturalOrder()).orElse(Duration.ZERO));
  }

  // The index entry must live as long as the job can exist.
  private Duration indexTtl(JobRequest request) {
    return request.delay().plus(request.retryUntil()).plus(results.statusTtl()).plusHours(2);
  }

  /** The exception for a failed write: full memory counts as a full queue. */
  static RuntimeException full(QueueUnavailableException failure) {
    return RedisConnections.isOutOfMemory(failure) ? memoryFull() : failure;
  }

  static QueueFullException memoryFull() {
    return new QueueFullException(
        "Redis is nearly out of memory, so no more jobs are taken. Try again later, or let the"
            + " operator raise Redis' maxmemory or shorten longhaul.results.ttl.",
        RETRY_AFTER);
  }

  private RedisClusterAsyncCommands<String, String> redis() {
    return connections.shared();
  }
}
