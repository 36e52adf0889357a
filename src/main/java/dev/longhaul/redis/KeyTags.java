package dev.longhaul.redis;

import java.util.regex.Pattern;

/**
 * The hash tags with which the keys of an installation begin. In a Redis Cluster keys with the same
 * tag are in one slot, so that a script can use all of them.
 *
 * @param namespace separates installations that share one Redis
 */
public record KeyTags(String namespace) {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.@-]{1,64}");

  public KeyTags {
    if (!isPlain(namespace)) {
      throw new IllegalArgumentException(
          "longhaul.namespace must be 1 to 64 of A-Z a-z 0-9 _ . @ -, not '" + namespace + "'");
    }
  }

  /** Whether a name can be part of a key unchanged. */
  public static boolean isPlain(String name) {
    return PLAIN.matcher(name).matches();
  }

  /** The tag for keys without a shard, such as sessions and streams. */
  public String tag() {
    return "{lh:" + namespace + "}";
  }

  /** The tag for the jobs of one shard. */
  public String tag(int shard) {
    return "{lh:" + namespace + ":" + shard + "}";
  }
}
