package dev.longhaul.queue.redis;

import dev.longhaul.job.Digest;
import dev.longhaul.redis.KeyTags;

/**
 * Builds every key. All begin with the shard's hash tag, so that they are in one slot. Scripts
 * build the same keys in the files of the folder {@code shared}; docs/redis-layout.md lists them
 * all.
 */
final class RedisKeys {
  private final KeyTags tags;

  RedisKeys(KeyTags tags) {
    this.tags = tags;
  }

  String namespace() {
    return tags.namespace();
  }

  String tag(int shard) {
    return tags.tag(shard);
  }

  /** The shard that a key made by this class is in. */
  static int shardOf(String key) {
    int end = key.indexOf('}');
    return Integer.parseInt(key, key.lastIndexOf(':', end) + 1, end, 10);
  }

  /** The pattern of all keys of this installation. */
  String pattern() {
    return "{lh:" + tags.namespace() + ":*";
  }

  String result(int shard, String id) {
    return tag(shard) + ":r:" + id;
  }

  String job(int shard, String id) {
    return tag(shard) + ":j:" + id;
  }

  String idempotency(int shard, String digest) {
    return tag(shard) + ":u:" + digest;
  }

  String heldCalls(int shard, String digest) {
    return tag(shard) + ":hc:" + digest;
  }

  /**
   * The partial result of a running job: a hash that is deleted with the job's end or after a day.
   */
  String partial(int shard, String id) {
    return tag(shard) + ":pp:" + id;
  }

  String questions(int shard, String id) {
    return tag(shard) + ":qs:" + id;
  }

  String flow(int shard, String id) {
    return tag(shard) + ":b:" + id;
  }

  /** The delivery log of a job, batch or chain. */
  String deliveries(int shard, String id) {
    return tag(shard) + ":nd:" + id;
  }

  /** The hash of the weights of callers. */
  String weights(int shard) {
    return tag(shard) + ":weights";
  }

  /** The hash of the counts of waiting jobs. */
  String lines(int shard) {
    return tag(shard) + ":lines";
  }

  /**
   * A part of a tool's gate.
   *
   * @param part s for its slots, o for its breaker, 0 to 3 for the waiting jobs of a band
   */
  String gate(int shard, String tool, String part) {
    return tag(shard) + ":g:t:" + tool + ":" + part;
  }

  String wake(int shard, String queue) {
    return tag(shard) + ":q:" + queue + ":w";
  }

  String full(int shard) {
    return tag(shard) + ":full";
  }

  String acknowledged(int shard) {
    return tag(shard) + ":ack";
  }

  String times(int shard) {
    return tag(shard) + ":times";
  }

  String cancels(int shard) {
    return tag(shard) + ":cx";
  }

  /** The channel that tells which cached results are no longer valid; of no shard in particular. */
  String invalidations() {
    return tag(0) + ":cn";
  }

  String watcher(int shard, String process) {
    return tag(shard) + ":w:" + process;
  }

  /** An owner's name as part of a key: unchanged if it has only safe characters, else a digest. */
  static String ownerIndex(String owner) {
    if (KeyTags.isPlain(owner)) {
      return owner;
    }
    return "~" + Digest.of(owner);
  }
}
