package dev.longhaul.redis;

import java.util.regex.Pattern;

/**
 * What the keys of one installation begin with. The part in braces decides the slot of a Redis
 * Cluster: keys with the same tag lie in one slot, so that a script may touch all of them.
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

  /** Whether a name can be part of a key as it is. */
  public static boolean isPlain(String name) {
    return PLAIN.matcher(name).matches();
  }

  /** For what lies in no shard: sessions and streams of the front door. */
  public String tag() {
    return "{lh:" + namespace + "}";
  }

  /** For the jobs of one shard. */
  public String tag(int shard) {
    return "{lh:" + namespace + ":" + shard + "}";
  }
}
