package dev.longhaul.queue.redis;

import dev.longhaul.queue.QueueUnavailableException;
import dev.longhaul.redis.KeyTags;
import dev.longhaul.redis.Scripts;
import dev.longhaul.thread.Supervised;
import dev.longhaul.thread.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Coordinates the processes of an installation: which layout of what is stored they write, and how
 * many shards may hold jobs. Each process announces itself and the layouts that it reads, and
 * renews that while it lives; a newer layout is written only after all of them have announced it.
 * If {@code longhaul.redis.shards} is lowered, the jobs in the other shards are still served.
 */
public final class Layout implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Layout.class);

  /**
   * The oldest layout that this version reads. What is stored in an older one is converted at the
   * start ({@link Conversion}).
   */
  static final int OLDEST = 3;

  /** The newest layout that this version reads and writes. docs/redis-layout.md describes it. */
  public static final int VERSION = 3;

  /** The field of the hash {@link #key} that has the layout that is written. */
  public static final String FIELD = "layout";

  private static final int HOME = 0;
  private static final Duration PERIOD = Duration.ofSeconds(10);
  // Processes that were just stopped are still announced for a while.
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
  // Long enough that a busy process, or one whose Redis fails over, stays announced.
  private static final Duration ANNOUNCED = Duration.ofSeconds(45);
  private static final String BUILD =
      Objects.requireNonNullElse(
              Layout.class.getPackage().getImplementationVersion(), "development")
          .replace(' ', '-');

  private final QueueConnections connections;
  private final RedisKeys keys;
  private final Shards shards;
  private final String process;
  private final int newest;
  private final Duration wait;
  private final Turns turns;
  private volatile int written;
  private volatile long asked;
  private final ReentrantLock converting = new ReentrantLock();
  // Whether the latest try found another process or thread that converts.
  private volatile boolean elsewhere;
  private volatile boolean turnsStored;
  private @Nullable ScheduledExecutorService timer;

  /**
   * @param process this process' name on the channels of {@link Watchers}
   */
  Layout(
      QueueConnections connections,
      RedisKeys keys,
      Shards shards,
      String process,
      RedisQueueProperties properties) {
    RedisQueueProperties.Redis settings = properties.redis();
    this.connections = connections;
    this.keys = keys;
    this.shards = shards;
    this.process = process;
    this.newest = settings.layout() == 0 ? VERSION : settings.layout();
    this.wait = settings.layoutAfter();
    this.turns = new Turns(connections, keys, properties.queue().weights());
  }

  /**
   * Announces this process from now on, and converts what is stored if it has an older layout.
   *
   * @throws OlderProcessesException if processes that use the older layout still run
   */
  synchronized void start() {
    awaitConversion();
    var period = Threads.timer("longhaul-layout", 1);
    var _ =
        period.scheduleWithFixedDelay(
            Supervised.repeated("announcing this process in Redis", this::refresh),
            0,
            PERIOD.toMillis(),
            TimeUnit.MILLISECONDS);
    timer = period;
  }

  // Without Redis there is nothing to wait for: the timer and every call try again.
  private void awaitConversion() {
    long began = System.nanoTime();
    while (true) {
      try {
        refresh();
        return;
      } catch (OlderProcessesException e) {
        if (System.nanoTime() - began > LONGEST_WAIT.toNanos()) {
          throw e;
        }
        log.warn("Processes that were just stopped are waited for. {}", e.getMessage());
      } catch (QueueUnavailableException e) {
        if (!elsewhere) {
          log.debug("The layout could not be read at the start", e);
          return;
        }
        log.info("Another process converts what is stored; its end is waited for");
      }
      try {
        Thread.sleep(Duration.ofSeconds(2));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /**
   * Announces this process and reads what was agreed on, unless it has been done.
   *
   * @throws QueueUnavailableException if this version cannot read what is stored
   */
  void agreed() {
    if (written == 0) {
      refresh();
    }
  }

  /**
   * The same, also if it was done more than a moment ago. What is known stays while its shard
   * cannot be reached, because the others go on.
   */
  void refreshed() {
    agreed();
    if (System.nanoTime() - asked > PERIOD.toNanos()) {
      try {
        refresh();
      } catch (QueueUnavailableException e) {
        if (written == 0) {
          throw e;
        }
        asked = System.nanoTime();
        log.debug("The layout could not be read again; the one known is used", e);
      }
    }
  }

  /**
   * Announces this process, and reads the layout and the number of shards of all.
   *
   * @throws QueueUnavailableException if a newer version has stored a layout that this one cannot
   *     read
   */
  void refresh() {
    // Only who wants to write a newer layout has to know who else is there.
    Optional<List<String>> others = written == newest ? Optional.empty() : listening();
    List<Object> answer = announce(others);
    if (answer.getFirst().equals(-1L)) {
      convert(Math.toIntExact((Long) answer.get(1)), others);
      answer = announce(others);
    }
    int stored = ((Long) answer.get(0)).intValue();
    if (stored > VERSION) {
      written = 0; // each further call asks again and is refused
      throw new QueueUnavailableException(tooNew(stored));
    }
    if (stored < 0) {
      throw new QueueUnavailableException("What is stored is being converted; try again later");
    }
    shards.serve(((Long) answer.get(1)).intValue());
    if (!turnsStored) {
      shards.all().forEach(turns::store);
      turnsStored = true;
    }
    int before = written;
    written = Math.min(stored, newest);
    if (before != 0 && before != written) {
      log.info(
          "Jobs are stored with layout {} from now on, because all processes read it. Builds that"
              + " do not read it can no longer be started on this Redis",
          written);
    }
    asked = System.nanoTime();
  }

  private void convert(int count, Optional<List<String>> others) {
    written = 0; // nothing is stored or claimed until all is converted
    elsewhere = !converting.tryLock();
    if (!elsewhere) {
      try {
        elsewhere = !new Conversion(connections, keys, process).run(count, others);
      } finally {
        converting.unlock();
      }
    }
    if (elsewhere) {
      throw new QueueUnavailableException(
          "What is stored is being converted to layout " + VERSION + "; try again later");
    }
  }

  private List<Object> announce(Optional<List<String>> others) {
    List<String> args = new ArrayList<>();
    args.add(process);
    args.add(Integer.toString(VERSION));
    args.add(Integer.toString(newest));
    args.add(Integer.toString(shards.configured()));
    args.add(Long.toString(ANNOUNCED.toMillis()));
    args.add(Long.toString(wait.toMillis()));
    args.add(BUILD);
    args.add(Integer.toString(OLDEST));
    args.add(others.isPresent() ? "1" : "0");
    others.ifPresent(args::addAll);
    return connections.await(Scripts.list(connections.shared(), Script.META, keys.tag(HOME), args));
  }

  // Builds before layout 2 announce nothing, but listen to the changes of jobs as all do.
  private Optional<List<String>> listening() {
    try {
      String channels = keys.watcher(HOME, "");
      return Optional.of(
          connections.channels(channels + "*").stream()
              .map(channel -> channel.substring(channels.length()))
              .toList());
    } catch (QueueUnavailableException e) {
      log.debug("Whether older processes run is not known; nothing newer is written", e);
      return Optional.empty();
    }
  }

  /**
   * Stops announcing this process. The announcement expires by itself: this process still listens
   * to the changes of jobs, and without an announcement the others would take it for an old build.
   */
  @Override
  public synchronized void close() {
    if (timer != null) {
      timer.shutdownNow();
    }
  }

  /** The hash in which an installation's layout is stored. */
  public static String key(String namespace) {
    return new KeyTags(namespace).tag(HOME) + ":meta";
  }

  /** The error message for a stored layout that is newer than {@link #VERSION}. */
  public static String tooNew(long stored) {
    return "What is stored in Redis has layout "
        + stored
        + ", written by a newer Longhaul; this one reads layouts up to "
        + VERSION
        + ". "
        + remedy();
  }

  /** What to do about a stored layout that is newer than {@link #VERSION}. */
  public static String remedy() {
    return "Run the newer version, or give this one another longhaul.namespace. The way back to"
        + " this version is longhaul.redis.layout="
        + VERSION
        + " in the newer one for a while: see Upgrade and roll back in docs/operations.md.";
  }
}
