package dev.longhaul.queue.model;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;

/**
 * Simulates a failover to a replica that was behind: writes after the snapshot are lost, but
 * workers still have tokens from that time.
 */
final class Failover implements AutoCloseable {
  // COPY preserves TTLs, as replication does.
  private static final String COPY =
      """
      local from, to = ARGV[1], ARGV[2]
      for _, key in ipairs(redis.call('KEYS', to .. ':*')) do redis.call('DEL', key) end
      for _, key in ipairs(redis.call('KEYS', from .. ':*')) do
        redis.call('COPY', key, to .. string.sub(key, #from + 1))
      end
      return 1
      """;

  private final RedisCommands<String, String> redis;
  private final String tag;
  private final String replica;

  Failover(RedisCommands<String, String> redis, String tag) {
    this.redis = redis;
    this.tag = tag;
    this.replica = tag + "-replica";
  }

  /** Copies all keys to the replica. */
  void replicate() {
    copy(tag, replica);
  }

  /** Makes the replica the primary. */
  void promote() {
    copy(replica, tag);
  }

  @Override
  public void close() {
    copy(replica + "-nothing", replica);
  }

  private void copy(String from, String to) {
    redis.<Long>eval(COPY, ScriptOutputType.INTEGER, new String[] {tag}, new String[] {from, to});
  }
}
