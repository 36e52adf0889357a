package dev.longhaul.queue.redis;

import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobLog;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.RandomText;
import dev.longhaul.queue.JobQueue.Watch;
import dev.longhaul.queue.JobQueue.Watcher;
import dev.longhaul.queue.QueueUnavailableException;
import dev.longhaul.redis.Channels;
import dev.longhaul.thread.OutOfMemory;
import dev.longhaul.thread.Waiters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
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

  /** How a process' name ends, and so that of its channel, if it is to be told how jobs ended. */
  private static final String TOLD = "+";

  /** How long what happens to a job is kept for the watch that its submitter begins. */
  private static final long EARLY_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final JsonMapper json = JsonMapper.builder().build();
  private final JobFields fields = new JobFields(json);
  private final Map<JobId, Early> early = new ConcurrentHashMap<>();
  private final QueueConnections connections;
  private final RedisKeys keys;
  private final Shards shards;
  private final String process = RandomText.hex(6) + TOLD;
  private final String channel;
  private final String worker = Attempts.process(System.getenv("HOSTNAME"));
  private final AtomicLong leases = new AtomicLong();
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

  /** A nonce for leases of this process. */
  String nonce() {
    return Attempts.nonce(worker, leases.incrementAndGet());
  }

  Watch watch(JobId id, Watcher listener) {
    tune();
    return byJob.add(id.value(), listener)::close;
  }

  /**
   * Watches a job that is about to be stored, for the watch that its submitter begins next.
   *
   * @throws QueueUnavailableException if Redis is not available
   */
  void expect(JobId id) {
    tune();
    long now = System.nanoTime();
    early.values().removeIf(left -> left.isOver(now));
    early.put(id, new Early(id, now));
  }

  /** The job was not stored. */
  void forget(JobId id) {
    Early unused = early.remove(id);
    if (unused != null) {
      unused.close();
    }
  }

  /** An expected job was stored. */
  void stored(Job job) {
    Early its = early.get(job.id());
    if (its != null) {
      its.stored = job;
    }
  }

  /** The watch of a job that was expected and stored; null if there is none. */
  @Nullable Expected take(JobId id, Watcher listener) {
    Early begun = early.remove(id);
    if (begun == null) {
      return null;
    }
    Job job = begun.stored;
    if (job == null) {
      begun.close();
      return null;
    }
    begun.pass(listener);
    return new Expected(begun, job);
  }

  /**
   * The watch of a job that was watched from the beginning.
   *
   * @param job as it was stored
   */
  record Expected(Watch watch, Job job) implements Watch {
    @Override
    public void close() {
      watch.close();
    }
  }

  /** Keeps what happens to a job until its submitter watches it. */
  private final class Early implements Watcher, Watch {
    private final Watch registered;
    private final long since;
    private volatile @Nullable Job stored;
    private @Nullable Watcher listener;
    private final List<JobLog> logs = new ArrayList<>();
    private @Nullable Consumer<Watcher> missed;
    private boolean over;

    Early(JobId id, long since) {
      this.since = since;
      this.registered = byJob.add(id.value(), this)::close;
    }

    boolean isOver(long now) {
      boolean over = now - since > EARLY_NANOS;
      if (over) {
        close();
      }
      return over;
    }

    synchronized void pass(Watcher to) {
      listener = to;
      logs.forEach(to::logged);
      if (missed != null) {
        missed.accept(to);
      }
    }

    private synchronized void tell(Consumer<Watcher> what) {
      if (listener != null) {
        what.accept(listener);
      } else if (!over) {
        missed = what;
      }
    }

    @Override
    public void changed() {
      tell(Watcher::changed);
    }

    @Override
    public synchronized void ended(Job job, Outcome outcome) {
      tell(watcher -> watcher.ended(job, outcome));
      over = true; // nothing that comes later says more
    }

    @Override
    public synchronized void logged(JobLog log) {
      if (listener != null) {
        listener.logged(log);
      } else if (logs.size() < MAX_LOGS) {
        logs.add(log);
      }
    }

    @Override
    public void close() {
      registered.close();
    }
  }

  /**
   * Passes on what a script says of a watched job. Never fails: the rest of the reply that said it
   * must be read.
   */
  void told(String message) {
    try {
      pass(message);
    } catch (RuntimeException | Error e) {
      OutOfMemory.met(e);
      log.warn("What was told of a job could not be passed on; its next read will notice it", e);
    }
  }

  private void pass(String message) {
    int end = message.indexOf(' ');
    String id = end < 0 ? message : message.substring(0, end);
    Set<Watcher> listeners = byJob.of(id);
    if (listeners.isEmpty()) {
      return;
    }
    if (end < 0) {
      listeners.forEach(listener -> safely(listener, Watcher::changed));
    } else if (message.charAt(end + 1) == '[') {
      end(new JobId(id), message.substring(end + 1), listeners);
    } else {
      JobLog said = json.readValue(message.substring(end + 1), JobLog.class);
      listeners.forEach(listener -> safely(listener, to -> to.logged(said)));
    }
  }

  // The values of a view of the job, and its result (announceEnd in jobs.lua).
  private void end(JobId id, String told, Set<Watcher> listeners) {
    JsonNode values = json.readTree(told);
    List<@Nullable String> view = new ArrayList<>();
    values.path(0).forEach(value -> view.add(value.isString() ? value.asString() : null));
    Map<String, String> result = OutcomeFields.unpack(values.path(1).asString(), json);
    Job job = fields.read(id, view).orElseThrow();
    Outcome outcome =
        OutcomeFields.read(result, fields.readError(view.get(JobFields.VIEW.indexOf("er"))));
    listeners.forEach(listener -> safely(listener, to -> to.ended(job, outcome)));
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

  // One that fails must not keep it from the others.
  private static void safely(Watcher listener, Consumer<Watcher> what) {
    try {
      what.accept(listener);
    } catch (RuntimeException | Error e) {
      OutOfMemory.met(e);
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
      told(message);
    }

    // Messages may have been lost, so all listeners read again.
    @Override
    public void subscribed() {
      byJob.forEach(listener -> safely(listener, Watcher::changed));
    }
  }
}
