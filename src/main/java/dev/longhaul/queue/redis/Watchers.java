package dev.longhaul.queue.redis;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.longhaul.job.JobId;
import dev.longhaul.job.JobLog;
import dev.longhaul.queue.JobQueue.Watch;
import dev.longhaul.queue.JobQueue.Watcher;
import dev.longhaul.thread.Supervised;
import dev.longhaul.thread.Threads;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * What this process wants to hear from Redis: changes of jobs it watches, on a channel of its own,
 * and cancels of running jobs. Listeners are called in a Netty thread and must only wake somebody.
 */
final class Watchers {
  private static final Logger log = LoggerFactory.getLogger(Watchers.class);

  private static final long LOOK = 500;
  private static final String ANSWERED = "answered ";
  private static final String DEADLINE = "deadline ";

  private final JsonMapper json = JsonMapper.builder().build();
  private final RedisConnections connections;
  private final RedisKeys keys;
  private final Shards shards;
  private final String channel;
  private final Map<String, List<Watcher>> byJob = new ConcurrentHashMap<>();
  private final ReentrantLock subscribing = new ReentrantLock();
  private final AtomicBoolean tuning = new AtomicBoolean();
  private final ScheduledExecutorService timer = Threads.timer("longhaul-hearing", 1);
  private final List<Consumer<JobId>> cancelListeners = new CopyOnWriteArrayList<>();
  private final List<Consumer<JobId>> answerListeners = new CopyOnWriteArrayList<>();
  private final List<Consumer<Duration>> deadlineListeners = new CopyOnWriteArrayList<>();
  private @Nullable StatefulRedisPubSubConnection<String, String> listening;
  private @Nullable StatefulRedisPubSubConnection<String, String> subscribed;
  private List<Integer> heard = List.of();
  private volatile Set<String> cancels = Set.of();

  Watchers(RedisConnections connections, RedisKeys keys, Shards shards) {
    this.connections = connections;
    this.keys = keys;
    this.shards = shards;
    byte[] process = new byte[6];
    new SecureRandom().nextBytes(process);
    this.channel = keys.watcher(0, HexFormat.of().formatHex(process));
    connections.closeFirst(timer::shutdownNow);
  }

  /** Where scripts tell this process of its jobs. */
  String channel() {
    return channel;
  }

  Watch watch(JobId id, Watcher listener) {
    stayTuned();
    tune();
    // In one go: between finding a list and adding to it, its last listener could take it away.
    byJob.compute(
        id.value(),
        (k, listeners) -> {
          List<Watcher> all = listeners == null ? new CopyOnWriteArrayList<>() : listeners;
          all.add(listener);
          return all;
        });
    return () ->
        byJob.computeIfPresent(
            id.value(),
            (k, listeners) -> {
              listeners.remove(listener);
              return listeners.isEmpty() ? null : listeners;
            });
  }

  Watch onCancel(Consumer<JobId> listener) {
    stayTuned();
    tune();
    cancelListeners.add(listener);
    return () -> cancelListeners.remove(listener);
  }

  Watch onAnswer(Consumer<JobId> listener) {
    stayTuned();
    tune();
    answerListeners.add(listener);
    return () -> answerListeners.remove(listener);
  }

  Watch onDeadline(Consumer<Duration> listener) {
    stayTuned();
    tune();
    deadlineListeners.add(listener);
    return () -> deadlineListeners.remove(listener);
  }

  // Hears also of shards that were added since, and on a connection that replaces a lost one. Not
  // begun before anybody wants to hear: a process that only stores jobs needs no such connection.
  private void stayTuned() {
    if (!tuning.get() && tuning.compareAndSet(false, true)) {
      var _ =
          timer.scheduleWithFixedDelay(
              Supervised.repeated("hearing of jobs", this::tune), LOOK, LOOK, MILLISECONDS);
    }
  }

  /**
   * Subscribes on the connection that there is now. Whoever comes while another does goes on: when
   * that is done, everyone is told to look.
   */
  private void tune() {
    if (subscribing.tryLock()) {
      try {
        subscribe();
      } finally {
        subscribing.unlock();
      }
    }
  }

  private void subscribe() {
    StatefulRedisPubSubConnection<String, String> connection = connections.pubSub();
    List<Integer> all = shards.all();
    if (connection.equals(subscribed) && all.equals(heard)) {
      return;
    }
    Set<String> wanted = new HashSet<>();
    all.forEach(shard -> wanted.add(keys.cancels(shard)));
    if (connection.equals(subscribed)) {
      if (!cancels.containsAll(wanted)) {
        connections.await(connection.async().subscribe(wanted.toArray(String[]::new)));
        cancels = wanted;
      }
      heard = all;
      return;
    }
    cancels = wanted;
    if (!connection.equals(listening)) {
      connection.addListener(listener());
      listening = connection; // also if subscribing fails now and is tried again
    }
    connections.await(connection.async().subscribe(channel));
    connections.await(connection.async().subscribe(wanted.toArray(String[]::new)));
    subscribed = connection;
    heard = all;
  }

  private RedisPubSubAdapter<String, String> listener() {
    return new RedisPubSubAdapter<>() {
      @Override
      public void message(String from, String id) {
        dispatch(from, id);
      }

      // Also after an interruption, in which hints were lost: everyone looks for himself.
      @Override
      public void subscribed(String to, long count) {
        if (to.equals(channel)) {
          byJob.values().forEach(listeners -> listeners.forEach(Watchers::hint));
        }
      }
    };
  }

  private static void hint(Watcher listener) {
    try {
      listener.changed();
    } catch (RuntimeException e) {
      log.warn("A listener failed on a hint of a job; its slow poll will notice the change", e);
    }
  }

  private void dispatch(String from, String message) {
    try {
      if (cancels.contains(from)) {
        if (message.startsWith(DEADLINE)) {
          Duration until =
              Duration.ofMillis(Long.parseLong(message, DEADLINE.length(), message.length(), 10));
          deadlineListeners.forEach(listener -> listener.accept(until));
          return;
        }
        boolean answered = message.startsWith(ANSWERED);
        String id = answered ? message.substring(ANSWERED.length()) : message;
        if (JobId.isValid(id)) {
          JobId job = new JobId(id);
          (answered ? answerListeners : cancelListeners).forEach(listener -> listener.accept(job));
        }
        return;
      }
      int end = message.indexOf(' ');
      String id = end < 0 ? message : message.substring(0, end);
      List<Watcher> listeners = byJob.getOrDefault(id, List.of());
      if (end < 0) {
        listeners.forEach(Watcher::changed);
      } else if (!listeners.isEmpty()) {
        JobLog said = json.readValue(message.substring(end + 1), JobLog.class);
        listeners.forEach(listener -> listener.logged(said));
      }
    } catch (RuntimeException e) {
      log.warn("A listener failed on a hint of a job; its slow poll will notice the change", e);
    }
  }
}
