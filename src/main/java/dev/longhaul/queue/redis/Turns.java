package dev.longhaul.queue.redis;

import java.util.HashMap;
import java.util.Map;

/** Stores how many jobs of a caller are claimed in its turn, where the scripts read it. */
final class Turns {
  private final QueueConnections connections;
  private final RedisKeys keys;
  private final Map<String, String> weights = new HashMap<>();

  /**
   * @param weights the jobs in a turn by caller
   */
  Turns(QueueConnections connections, RedisKeys keys, Map<String, Integer> weights) {
    this.connections = connections;
    this.keys = keys;
    weights.forEach(
        (caller, weight) -> this.weights.put(RedisKeys.ownerIndex(caller), weight.toString()));
  }

  /** Replaces what is stored in a shard. */
  void store(int shard) {
    var redis = connections.shared();
    String key = keys.weights(shard);
    // The two commands are sent at once. A claim between them takes everybody's turn as one job.
    var cleared = redis.del(key);
    if (!weights.isEmpty()) {
      connections.await(redis.hset(key, weights));
    }
    connections.await(cleared);
  }
}
