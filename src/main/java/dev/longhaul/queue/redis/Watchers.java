package dev.longhaul.queue.redis;

import dev.longhaul.job.JobId;
import dev.longhaul.job.JobLog;
import dev.longhaul.job.RandomText;
import dev.longhaul.queue.JobQueue.Watch;
import dev.longhaul.queue.JobQueue.Watcher;
import dev.longhaul.redis.Channels;
import dev.longhaul.thread.Waiters;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * The subscriptions of this process: changes of watched jobs, on a channel of this process, and
 * cancellations of running jobs. Listeners are called in a Netty thread and must only wake other
 * threads.
 */
final class Watchers {
  private static final Logger log = LoggerFactory.getLogger(Watchers.class);

  private static final String ANSWERED = "answered ";
  private static final String DEADLINE = "deadline ";

  private final JsonMapper json = JsonMapper.builder().build();
  private final QueueConnections connections;
  private final RedisKeys keys;
  private final Shards shards;
  private final String process = RandomText.hex(6);
  private final String channel;
  private final Waiters<String, Watcher> byJob = new Waiters<>();
  private final List<Consumer<JobId>> cancelListeners = new CopyOnWriteArrayList<>();
  private final List<Consumer<JobId>> answerListeners = new CopyOnWriteArrayList<>();
  private final List<Consumer<Duration>> deadlineListeners = new CopyOnWriteArrayList<>();
  private volatile List<Integer> heard = List.of();

  Watchers(QueueConnections connections, RedisKeys keys, Shards shards) {
    this.connections = connections;
    this.keys = keys;
    this.shards = shards;
    this.channel = keys.watcher(0, process);
    connections.add(channel, new Jobs());
  }

  /** The name of this process, unique among those on this Redis. */
  String process() {
    return process;
  }

  /** The channel on which scripts notify this process of its jobs. */
  String channel() {
    return channel;
  }

  Watch watch(JobId id, Watcher listener) {
    tune();
    return byJob.add(id.value(), listener)::close;
  }

  Watch onCancel(Consumer<JobId> listener) {
    tune();
    cancelListeners.add(listener);
    return () -> cancelListeners.remove(listener);
  }

  Watch onAnswer(Consumer<JobId> listener) {
    tune();
    answerListeners.add(listener);
    return () -> answerListeners.remove(listener);
  }

  Watch onDeadline(Consumer<Duration> listener) {
    tune();
    deadlineListeners.add(listener);
    return () -> deadlineListeners.remove(listener);
  }

  private void tune() {
    List<Integer> all = shards.all();
    if (!all.equals(heard)) {
      all.forEach(shard -> connections.add(keys.cancels(shard), new Cancels()));
      heard = all;
    }
    connections.tune(connections.timeout());
  }

  private static void hint(Watcher listener) {
    try {
      listener.changed();
    } catch (RuntimeException e) {
      log.warn(
          "A listener failed on a change of a job; its periodic read will notice the change", e);
    }
  }

  /** Messages to every process. */
  private final class Cancels implements Channels.Listener {
    @Override
    public void message(String message) {
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
    }

    @Override
    public void subscribed() {}
  }

  /** Changes of the jobs that are watched here. */
  private final class Jobs implements Channels.Listener {
    @Override
    public void message(String message) {
      int end = message.indexOf(' ');
      String id = end < 0 ? message : message.substring(0, end);
      Set<Watcher> listeners = byJob.of(id);
      if (end < 0) {
        listeners.forEach(Watcher::changed);
      } else if (!listeners.isEmpty()) {
        JobLog said = json.readValue(message.substring(end + 1), JobLog.class);
        listeners.forEach(listener -> listener.logged(said));
      }
    }

    // Messages may have been lost, so all listeners read again.
    @Override
    public void subscribed() {
      byJob.forEach(Watchers::hint);
    }
  }
}
