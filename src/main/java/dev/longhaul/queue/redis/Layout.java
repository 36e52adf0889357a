package dev.longhaul.queue.redis;

import dev.longhaul.queue.QueueUnavailableException;
import dev.longhaul.redis.KeyTags;
import dev.longhaul.redis.Scripts;
import java.util.List;

/**
 * Coordinates the processes of an installation: the version of the stored layout, and how many
 * shards may hold jobs. If {@code longhaul.redis.shards} is lowered, the jobs in the other shards
 * are still served.
 */
public final class Layout {
  /** The layout that this version reads and writes; docs/redis-layout.md describes it. */
  public static final int VERSION = 1;

  /** The field of the hash {@link #key} that has the layout's version. */
  public static final String FIELD = "layout";

  private static final int HOME = 0;
  private static final long FRESH_NANOS = 10_000_000_000L;

  private final QueueConnections connections;
  private final RedisKeys keys;
  private final Shards shards;
  private volatile boolean agreed;
  private volatile long asked;

  Layout(QueueConnections connections, RedisKeys keys, Shards shards) {
    this.connections = connections;
    this.keys = keys;
    this.shards = shards;
  }

  /** Checks and stores the version and the number of shards, once per process. */
  void agreed() {
    if (!agreed) {
      refresh();
    }
  }

  /** Reads the number of shards of other processes, unless it was read a moment ago. */
  void refreshed() {
    if (!agreed || System.nanoTime() - asked > FRESH_NANOS) {
      refresh();
    }
  }

  /**
   * Reads the number of shards of other processes.
   *
   * @throws QueueUnavailableException if a newer version has stored a layout that this one cannot
   *     read
   */
  void refresh() {
    List<Object> answer =
        connections.await(
            Scripts.list(
                connections.shared(),
                Script.META,
                keys.tag(HOME),
                List.of(Integer.toString(VERSION), Integer.toString(shards.configured()))));
    long stored = (Long) answer.get(0);
    if (stored > VERSION) {
      throw new QueueUnavailableException(tooNew(stored));
    }
    shards.serve(((Long) answer.get(1)).intValue());
    asked = System.nanoTime();
    agreed = true;
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
        + ". Run the newer version, or give this one another longhaul.namespace.";
  }
}
