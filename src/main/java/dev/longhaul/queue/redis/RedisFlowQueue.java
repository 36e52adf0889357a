package dev.longhaul.queue.redis;

import dev.longhaul.job.FlowCallback;
import dev.longhaul.job.FlowRef;
import dev.longhaul.job.IdempotencyKey;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.NotificationPlan;
import dev.longhaul.job.Waiting;
import dev.longhaul.queue.FlowChild;
import dev.longhaul.queue.FlowNotOpenException;
import dev.longhaul.queue.FlowProperties;
import dev.longhaul.queue.FlowQueue;
import dev.longhaul.queue.FlowRequest;
import dev.longhaul.queue.FlowView;
import dev.longhaul.queue.IdempotencyConflictException;
import dev.longhaul.queue.JobFilter;
import dev.longhaul.queue.JobQueue.CancelAnswer;
import dev.longhaul.queue.QueueDrainingException;
import dev.longhaul.queue.QueueFullException;
import dev.longhaul.queue.QueueUnavailableException;
import dev.longhaul.queue.ResultProperties;
import dev.longhaul.redis.Scripts;
import io.lettuce.core.KeyValue;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Implements {@link FlowQueue} on Redis. A flow and everything that belongs to it is in the shard
 * of its id.
 */
final class RedisFlowQueue implements FlowQueue {
  /** How many children one script call handles, since Redis is blocked meanwhile. */
  static final int CHUNK = 250;

  // The size of one staging call in characters, which limits memory on both sides.
  private static final int CHUNK_CHARS = 1_000_000;

  private final QueueConnections connections;
  private final RedisKeys keys;
  private final Shards shards;
  private final Layout layout;
  private final JobFields fields;
  private final RedisQueueProperties.Queue queue;
  private final ResultProperties results;
  private final FlowProperties flows;
  private final Quotas quotas;
  private final Clock clock;

  RedisFlowQueue(
      QueueConnections connections,
      RedisKeys keys,
      Shards shards,
      Layout layout,
      JobFields fields,
      RedisQueueProperties.Queue queue,
      ResultProperties results,
      FlowProperties flows,
      Quotas quotas,
      Clock clock) {
    this.connections = connections;
    this.keys = keys;
    this.shards = shards;
    this.layout = layout;
    this.fields = fields;
    this.queue = queue;
    this.results = results;
    this.flows = flows;
    this.quotas = quotas;
    this.clock = clock;
  }

  @Override
  public JobId open(FlowRequest request) {
    IdempotencyKey key = request.idempotency();
    int shard = key == null ? shards.next() : shards.home(key.digest());
    JobId id = JobId.create(clock.millis(), shard);
    List<String> stored = new ArrayList<>(FlowFields.write(request));
    NotificationPlan plan = request.notification();
    if (plan != null) {
      stored.add(NotificationFields.FIELD);
      stored.add(
          NotificationFields.write(
              plan, request.owner(), queue.band(plan.priority()), queue.line(true), fields.json()));
    }
    List<String> args = new ArrayList<>();
    args.add(id.value());
    args.add(request.kind().wire());
    args.add(RedisKeys.ownerIndex(request.owner()));
    args.add(request.allowFailures() ? "1" : "0");
    args.add(millis(flows.maxStaging()));
    args.add(millis(results.statusTtl()));
    args.add(millis(results.ttl()));
    args.add(key == null ? "-" : key.digest());
    args.add(key == null ? "-" : key.arguments());
    args.add(Integer.toString(stored.size() / 2));
    args.addAll(stored);
    List<Object> answer = list(Script.FLOW_OPEN, id, args);
    return switch (((Long) answer.getFirst()).intValue()) {
      case 1 -> new JobId((String) answer.get(1));
      case -2 -> throw new IdempotencyConflictException(new JobId((String) answer.get(1)));
      default -> throw RedisJobQueue.memoryFull();
    };
  }

  @Override
  public void stage(JobId flow, int first, List<JobRequest> children) {
    if (first < 0 || first + (long) children.size() > flows.maxChildren()) {
      throw new IllegalArgumentException(
          "a batch or chain may have at most "
              + flows.maxChildren()
              + " children (longhaul.flows.max-children), not "
              + (first + (long) children.size()));
    }
    int from = 0;
    while (from < children.size()) {
      int to = from;
      long chars = 0;
      while (to < children.size() && to - from < CHUNK && chars < CHUNK_CHARS) {
        chars += children.get(to).params().length();
        to++;
      }
      stageChunk(flow, first + from, children.subList(from, to));
      from = to;
    }
  }

  private void stageChunk(JobId flow, int first, List<JobRequest> children) {
    List<String> args = new ArrayList<>(6 + children.size() * 40);
    args.add(flow.value());
    args.add(Integer.toString(first));
    args.add(owner(children));
    args.add(Integer.toString(queue.maxLength()));
    args.add(indexTtl(children));
    args.add(quotas.whole());
    args.add(Integer.toString(children.size()));
    for (int i = 0; i < children.size(); i++) {
      FlowRef place = new FlowRef(flow, first + i);
      args.add(place.job().value());
      args.add(children.get(i).queue());
      addHeld(args, children.get(i), place);
    }
    check(list(Script.FLOW_STAGE, flow, args));
  }

  @Override
  public void callbacks(JobId flow, Map<FlowCallback, List<JobRequest>> callbacks) {
    List<JobRequest> all = callbacks.values().stream().flatMap(List::stream).toList();
    if (all.isEmpty()) {
      return;
    }
    if (callbacks.values().stream().anyMatch(kind -> kind.size() > FlowCallback.MOST)) {
      throw new IllegalArgumentException(
          "a batch or chain may have at most " + FlowCallback.MOST + " callbacks of a kind");
    }
    List<String> args = new ArrayList<>();
    args.add(flow.value());
    args.add(owner(all));
    args.add(indexTtl(all));
    args.add(quotas.whole());
    args.add(Integer.toString(all.size()));
    callbacks.forEach((kind, requests) -> {
      for (int n = 0; n < requests.size(); n++) {
        FlowRef place = FlowRef.of(flow, kind, n);
        args.add(FlowFields.callback(kind, n));
        args.add(place.job().value());
        addHeld(args, requests.get(n), place);
      }
    });
    check(list(Script.FLOW_CALLBACKS, flow, args));
  }

  private void addHeld(List<String> args, JobRequest request, FlowRef place) {
    layout.agreed();
    List<String> stored = fields.write(request.inFlow(place, true), queue, quotas.callerRunning());
    args.add(millis(request.delay()));
    args.add(Integer.toString(stored.size() / 2 - 1));
    args.addAll(stored);
  }

  @Override
  public void seal(JobId flow, int total) {
    boolean left = sealAndStart(flow, total);
    while (left) {
      left = advance(flow);
    }
  }

  /** Seals and starts the first children; returns whether some are left. */
  boolean sealAndStart(JobId flow, int total) {
    List<String> args =
        List.of(
            flow.value(),
            Integer.toString(total),
            Integer.toString(queue.maxLength()),
            Integer.toString(CHUNK));
    // This acknowledges the batch or chain. A replica that has this write also has the staged
    // children, because it applies writes in order.
    List<Object> answer;
    try {
      answer =
          connections.promise(
              flow.shard(),
              redis -> Scripts.list(redis, Script.FLOW_SEAL, keys.tag(flow.shard()), args));
    } catch (QueueUnavailableException e) {
      throw RedisJobQueue.full(e);
    }
    check(answer);
    return answer.get(1).equals(1L);
  }

  /** Starts or cancels some more children; returns whether some are left. */
  boolean advance(JobId flow) {
    return number(Script.FLOW_ADVANCE, flow, List.of(flow.value(), Integer.toString(CHUNK))) == 1;
  }

  @Override
  public Optional<FlowView> find(JobId flow) {
    List<KeyValue<String, String>> values =
        connections.await(redis().hmget(keys.flow(flow.shard(), flow.value()), FlowFields.VIEW));
    Map<String, String> stored = new HashMap<>();
    values.stream()
        .filter(KeyValue::hasValue)
        .forEach(value -> stored.put(value.getKey(), value.getValue()));
    if (Waiting.Reason.BREAKER.name().equals(stored.get("wr"))) {
      // The breaker may have opened again since.
      String tool = stored.getOrDefault("wt", "t:").substring("t:".length());
      String until = connections.await(redis().hget(keys.gate(flow.shard(), tool, "o"), "until"));
      stored.put("wu", until == null ? "" : until);
    }
    return stored.isEmpty() ? Optional.empty() : Optional.of(FlowFields.read(flow, stored));
  }

  @Override
  public List<FlowChild> children(JobId flow, int first, int limit) {
    if (first < 0 || limit < 1 || limit > JobFilter.MAX_LIMIT) {
      throw new IllegalArgumentException("limit must be 1 to " + JobFilter.MAX_LIMIT);
    }
    List<String> args = List.of(flow.value(), Integer.toString(first), Integer.toString(limit));
    return FlowFields.children(flow, first, list(Script.FLOW_CHILDREN, flow, args));
  }

  @Override
  public List<Integer> ended(JobId flow, int from, int limit) {
    if (from < 0 || limit < 1 || limit > JobFilter.MAX_LIMIT) {
      throw new IllegalArgumentException("limit must be 1 to " + JobFilter.MAX_LIMIT);
    }
    String[] wanted =
        IntStream.range(from, from + limit).mapToObj(n -> "e:" + n).toArray(String[]::new);
    return connections.await(redis().hmget(keys.flow(flow.shard(), flow.value()), wanted)).stream()
        .filter(KeyValue::hasValue)
        .map(value -> Integer.valueOf(value.getValue()))
        .toList();
  }

  @Override
  public void handOut(JobId flow) {
    number(Script.FLOW_HAND_OUT, flow, List.of(flow.value()));
  }

  @Override
  public CancelAnswer cancel(JobId flow) {
    long answer = cancelFirst(flow);
    boolean left = answer == 2;
    while (left) {
      left = advance(flow);
    }
    return answer > 0
        ? CancelAnswer.CANCELLED
        : answer == 0 ? CancelAnswer.ALREADY_FINISHED : CancelAnswer.UNKNOWN;
  }

  /** Cancels a flow and its first children; returns 2 if some are left. */
  long cancelFirst(JobId flow) {
    return number(Script.FLOW_CANCEL, flow, List.of(flow.value(), Integer.toString(CHUNK)));
  }

  private void check(List<Object> answer) {
    int code = ((Long) answer.get(0)).intValue();
    switch (code) {
      case 1 -> {}
      case 0 ->
          throw new QueueFullException(
              "The queue "
                  + answer.get(1)
                  + " cannot hold the children of this batch or chain: "
                  + answer.get(2)
                  + " jobs wait in it and longhaul.queue.max-length is "
                  + queue.maxLength()
                  + ". Try again later with fewer children, or let the operator add workers.",
              RedisJobQueue.RETRY_AFTER);
      case -1 -> throw RedisJobQueue.memoryFull();
      case -2 ->
          throw new IllegalStateException(
              "Children are missing: "
                  + answer.get(1)
                  + " are staged. Stage all of them again, which changes nothing for those that"
                  + " are, and seal with their count.");
      case -3 -> throw new QueueDrainingException((String) answer.get(1));
      case -4 -> throw new FlowNotOpenException("The batch or chain is unknown.");
      case -5 ->
          throw new FlowNotOpenException(
              "The batch or chain takes no more children: it is " + answer.get(1) + ".");
      case -6 ->
          throw new IllegalArgumentException(
              "a batch or chain and its jobs must have the same owner");
      case -7 -> throw quotas.exceeded(answer);
      default -> throw new IllegalStateException("unknown answer " + answer);
    }
  }

  private static String owner(Iterable<JobRequest> requests) {
    String owner = null;
    for (JobRequest request : requests) {
      if (owner != null && !owner.equals(request.owner())) {
        throw new IllegalArgumentException("the jobs of a batch or chain must have one owner");
      }
      owner = request.owner();
    }
    return RedisKeys.ownerIndex(Objects.requireNonNull(owner));
  }

  // The index entry must live as long as the job can exist after its start.
  private String indexTtl(Iterable<JobRequest> requests) {
    Duration longest = Duration.ZERO;
    for (JobRequest request : requests) {
      Duration life = request.delay().plus(request.retryUntil());
      longest = life.compareTo(longest) > 0 ? life : longest;
    }
    return millis(longest.plus(results.statusTtl()).plusHours(2));
  }

  private List<Object> list(Script script, JobId flow, List<String> args) {
    try {
      return connections.await(Scripts.list(redis(), script, keys.tag(flow.shard()), args));
    } catch (QueueUnavailableException e) {
      throw RedisJobQueue.full(e);
    }
  }

  private long number(Script script, JobId flow, List<String> args) {
    try {
      return connections.await(Scripts.number(redis(), script, keys.tag(flow.shard()), args));
    } catch (QueueUnavailableException e) {
      throw RedisJobQueue.full(e);
    }
  }

  private RedisClusterAsyncCommands<String, String> redis() {
    return connections.shared();
  }

  private static String millis(Duration time) {
    return Long.toString(time.toMillis());
  }
}
