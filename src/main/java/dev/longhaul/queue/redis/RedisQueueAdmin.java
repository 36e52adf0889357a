package dev.longhaul.queue.redis;

import dev.longhaul.job.JobId;
import dev.longhaul.job.Priority;
import dev.longhaul.queue.JobFilter;
import dev.longhaul.queue.JobPage;
import dev.longhaul.queue.QueueAdmin;
import dev.longhaul.queue.ResultProperties;
import dev.longhaul.redis.Scripts;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Implements {@link QueueAdmin} on Redis. */
final class RedisQueueAdmin implements QueueAdmin {
  private final QueueConnections connections;
  private final RedisKeys keys;
  private final Shards shards;
  private final ResultProperties results;
  private final Quotas quotas;
  private final Clock clock;
  private final Listing listing;
  private final Leftovers leftovers;

  RedisQueueAdmin(
      QueueConnections connections,
      RedisKeys keys,
      Shards shards,
      JobFields fields,
      ResultProperties results,
      Quotas quotas,
      Clock clock) {
    this.connections = connections;
    this.keys = keys;
    this.shards = shards;
    this.results = results;
    this.quotas = quotas;
    this.clock = clock;
    this.listing = new Listing(connections, keys, shards, fields);
    this.leftovers = new Leftovers(connections, keys);
  }

  @Override
  public List<QueueView> queues() {
    List<QueueView> parts = new ArrayList<>();
    for (List<Object> answer : connections.onEach(shards.all(), Script.DEPTHS, List.of())) {
      parts.addAll(QueueViews.read((List<?>) answer.get(3)));
    }
    return QueueViews.merge(parts);
  }

  @Override
  public Optional<QueueView> queue(String name) {
    return queues().stream().filter(queue -> queue.name().equals(name)).findFirst();
  }

  @Override
  public CallerPage callers(String queue, @Nullable String cursor, int limit) {
    // By the name of their line, in which every shard orders them.
    Map<String, CallerWaiting> merged = new TreeMap<>();
    List<String> args = List.of(queue, cursor == null ? "" : cursor, Integer.toString(limit + 1));
    for (List<Object> answer : connections.onEach(shards.all(), Script.CALLERS, args)) {
      for (Object one : answer) {
        List<?> entry = (List<?>) one;
        List<Long> waiting = entry.stream().skip(2).map(count -> (Long) count).toList();
        merged.merge(
            (String) entry.get(0),
            new CallerWaiting((String) entry.get(1), waiting),
            RedisQueueAdmin::sum);
      }
    }
    List<String> names = merged.keySet().stream().limit(limit).toList();
    return new CallerPage(
        names.stream().map(merged::get).toList(), merged.size() > limit ? names.getLast() : null);
  }

  private static CallerWaiting sum(CallerWaiting one, CallerWaiting other) {
    return new CallerWaiting(
        one.caller(),
        IntStream.range(0, Priority.BANDS)
            .mapToObj(band -> one.waiting().get(band) + other.waiting().get(band))
            .toList());
  }

  @Override
  public Map<String, ToolUse> toolUse(Collection<String> tools) {
    Map<String, ToolUseReply> asked = new LinkedHashMap<>();
    for (String tool : tools) {
      asked.computeIfAbsent(
          tool, name -> ToolUseReply.ask(connections.shared(), keys, shards.home(name), name));
    }
    Map<String, ToolUse> use = new LinkedHashMap<>();
    asked.forEach((tool, gate) -> use.put(tool, gate.read(connections)));
    return use;
  }

  @Override
  public void pause(String name) {
    set(name, QueueState.PAUSED);
  }

  @Override
  public void drain(String name) {
    set(name, QueueState.DRAINING);
  }

  @Override
  public void resume(String name) {
    set(name, QueueState.ACTIVE);
  }

  private void set(String name, QueueState state) {
    connections.onEach(shards.all(), Script.QUEUE, List.of(name, QueueViews.stored(state)));
  }

  @Override
  public JobPage deadLetters(JobFilter filter) {
    return listing.dead(filter);
  }

  @Override
  public Map<JobId, JobId> replay(List<JobId> ids) {
    Map<JobId, CompletableFuture<String>> sent = new LinkedHashMap<>();
    for (JobId id : ids) {
      sent.computeIfAbsent(id, this::replay);
    }
    Map<JobId, JobId> replays = new LinkedHashMap<>();
    sent.forEach((id, answer) -> {
      String replay = connections.await(answer, connections.promiseLimit());
      if (replay.startsWith("-")) {
        String[] parts = replay.substring(1).split(" ", -1);
        throw quotas.exceeded(parts[0], parts[1], parts[2]);
      }
      if (!replay.isEmpty()) {
        replays.put(id, new JobId(replay));
      }
    });
    return replays;
  }

  private CompletableFuture<String> replay(JobId dead) {
    List<String> args =
        List.of(
            dead.value(),
            JobId.create(clock.millis(), dead.shard()).value(),
            Long.toString(results.statusTtl().toMillis()),
            quotas.ofOneShard());
    return connections.promised(
        dead.shard(), redis -> Scripts.text(redis, Script.REPLAY, keys.tag(dead.shard()), args));
  }

  @Override
  public Set<JobId> drop(List<JobId> ids) {
    Map<JobId, CompletableFuture<Long>> sent = new LinkedHashMap<>();
    for (JobId id : ids) {
      sent.computeIfAbsent(
          id,
          _ ->
              Scripts.number(
                  connections.shared(),
                  Script.DELETE,
                  keys.tag(id.shard()),
                  List.of(id.value(), "0", "dead")));
    }
    Set<JobId> dropped = new HashSet<>();
    sent.forEach((id, answer) -> {
      if (connections.await(answer) == 1) {
        dropped.add(id);
      }
    });
    return dropped;
  }

  @Override
  public List<String> leftovers(int limit) {
    return leftovers.find(limit);
  }
}
