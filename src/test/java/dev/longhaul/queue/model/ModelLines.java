package dev.longhaul.queue.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What must hold for the lines in Redis, whatever was done: rings, owners' lists and counts agree.
 */
final class ModelLines {
  private static final Pattern OWNERS = Pattern.compile("i:([^:]+):([qg]:(.*):[0-3])");
  private static final Pattern RING = Pattern.compile("[qg]:.*:[0-3]");
  private static final Pattern RELEASED = Pattern.compile("q:(.*):g([0-3])");

  private final RedisView redis;
  // By line, such as q:default:2.
  private final Map<String, Set<String>> owners = new HashMap<>();
  private final Map<String, Long> entries = new HashMap<>();

  ModelLines(RedisView redis) {
    this.redis = redis;
  }

  /** The queue or gate of a list of jobs, such as i:alice:q:default:2 or q:default:g2. */
  static String place(String name) {
    Matcher released = RELEASED.matcher(name);
    if (released.matches()) {
      return released.group(1);
    }
    Matcher line = OWNERS.matcher(name);
    QueueModel.check(line.matches(), "%s is no line", name);
    return line.group(3);
  }

  /** Whether a key has the jobs of an owner in a gate's line. */
  static boolean atGate(String name) {
    Matcher line = OWNERS.matcher(name);
    return line.matches() && line.group(2).startsWith("g:");
  }

  /** Whether a key is a list of jobs that wait. */
  static boolean hasJobs(String name) {
    return OWNERS.matcher(name).matches() || RELEASED.matcher(name).matches();
  }

  void check() {
    for (RedisView.Entry entry : redis.all()) {
      Matcher line = OWNERS.matcher(entry.name());
      Matcher released = RELEASED.matcher(entry.name());
      if (line.matches()) {
        String ring = line.group(2);
        owners.computeIfAbsent(ring, _ -> new HashSet<>()).add(line.group(1));
        entries.merge(ring, (long) entry.values().size(), Long::sum);
      } else if (released.matches()) {
        String ring = "q:" + released.group(1) + ":" + released.group(2);
        entries.merge(ring, (long) entry.values().size(), Long::sum);
      }
    }
    Map<String, Set<String>> rings = new HashMap<>();
    for (RedisView.Entry entry : redis.all()) {
      if (RING.matcher(entry.name()).matches()) {
        List<String> turns = new ArrayList<>();
        entry.values().forEach(turn -> turns.add(turn.replaceFirst("^ \\d+ ", "")));
        rings.put(entry.name(), new HashSet<>(turns));
        QueueModel.check(
            turns.size() == rings.get(entry.name()).size(),
            "somebody is twice in the ring of %s: %s",
            entry.name(),
            turns);
      }
    }
    QueueModel.check(rings.equals(owners), "the rings are %s and who waits is %s", rings, owners);
    Map<String, Long> counted = new HashMap<>();
    List<String> counts = redis.values("lines");
    for (int i = 0; i < counts.size(); i += 2) {
      long count = counts.get(i).equals("weights") ? 0 : Long.parseLong(counts.get(i + 1));
      QueueModel.check(count >= 0, "%s is counted as %d", counts.get(i), count);
      if (RING.matcher(counts.get(i)).matches() && count > 0) {
        counted.put(counts.get(i), count);
      }
    }
    QueueModel.check(counted.equals(entries), "counted are %s of %s", counted, entries);
  }
}
