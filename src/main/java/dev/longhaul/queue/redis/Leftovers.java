package dev.longhaul.queue.redis;

import dev.longhaul.job.JobState;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds leaked keys: keys without a time to live whose job has ended, or that no version of
 * Longhaul writes. Reads the whole store, so it is for tests and diagnosis only.
 */
final class Leftovers {
  private static final int BATCH = 500;
  private static final Set<String> STANDING =
      Set.of(
          ":l",
          ":z",
          ":h",
          ":wa",
          ":gz",
          ":cl",
          ":dz",
          ":gates",
          ":queues",
          ":times",
          ":breakers",
          ":lines",
          ":weights",
          ":flows",
          ":use",
          ":meta");
  private static final Pattern LINES =
      Pattern.compile(":q:.*:(?:w|g?[0-3])|:g:.*:(?:s|[0-3])|:i:.*");
  private static final Pattern MORTAL = Pattern.compile(":[jbu]:.*");

  private final QueueConnections connections;
  private final RedisKeys keys;

  Leftovers(QueueConnections connections, RedisKeys keys) {
    this.connections = connections;
    this.keys = keys;
  }

  /**
   * @param limit how many to return at most
   */
  List<String> find(int limit) {
    List<String> found = new ArrayList<>();
    var some = ScanArgs.Builder.matches(keys.pattern()).limit(BATCH);
    ScanCursor cursor = ScanCursor.INITIAL;
    do {
      var page = connections.await(connections.shared().scan(cursor, some));
      for (String key : page.getKeys()) {
        if (found.size() < limit && staysForNothing(key)) {
          found.add(key);
        }
      }
      cursor = page;
    } while (!cursor.isFinished() && found.size() < limit);
    return found;
  }

  private boolean staysForNothing(String key) {
    String kind = key.substring(key.indexOf('}') + 1);
    if (STANDING.contains(kind) || LINES.matcher(kind).matches()) {
      return false;
    }
    // -1: no TTL; -2: it no longer exists
    if (connections.await(connections.shared().pttl(key)) != -1) {
      return false;
    }
    return !MORTAL.matcher(kind).matches() || ended(key, kind);
  }

  private boolean ended(String key, String kind) {
    if (!kind.startsWith(":u:")) {
      return isOver(key);
    }
    String stored = connections.await(connections.shared().get(key));
    return stored != null
        && isOver(
            key.substring(0, key.indexOf('}') + 1)
                + ":j:"
                + stored.substring(0, stored.indexOf(' ')));
  }

  private boolean isOver(String key) {
    @Nullable String state = connections.await(connections.shared().hget(key, "st"));
    return state == null || JobState.fromWire(state).filter(JobState::terminal).isPresent();
  }
}
