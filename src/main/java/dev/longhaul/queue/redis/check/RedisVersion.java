package dev.longhaul.queue.redis.check;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/** The version of a Redis, or the Redis version with which a Valkey is compatible. */
public record RedisVersion(int major, int minor, int patch) implements Comparable<RedisVersion> {
  /** The oldest that has every command Longhaul's scripts use. */
  public static final RedisVersion OLDEST_SUPPORTED = new RedisVersion(6, 2, 0);

  private static final Pattern NUMBERS = Pattern.compile("(\\d+)\\.(\\d+)(?:\\.(\\d+))?");
  private static final Comparator<RedisVersion> ORDER =
      Comparator.comparingInt(RedisVersion::major)
          .thenComparingInt(RedisVersion::minor)
          .thenComparingInt(RedisVersion::patch);

  /** Reads the first version number in {@code text}; empty when there is none. */
  public static Optional<RedisVersion> parse(String text) {
    var found = NUMBERS.matcher(text);
    if (!found.find()) {
      return Optional.empty();
    }
    var patch = found.group(3);
    try {
      return Optional.of(
          new RedisVersion(
              Integer.parseInt(found.group(1)),
              Integer.parseInt(found.group(2)),
              patch == null ? 0 : Integer.parseInt(patch)));
    } catch (NumberFormatException longerThanAnyVersion) {
      return Optional.empty();
    }
  }

  public boolean isSupported() {
    return compareTo(OLDEST_SUPPORTED) >= 0;
  }

  @Override
  public int compareTo(RedisVersion other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor + "." + patch;
  }
}
