package dev.longhaul.queue.redis;

import dev.longhaul.job.Priority;
import dev.longhaul.queue.QueueAdmin.ToolUse;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The pending reads of a tool's slots, waiting jobs and circuit breaker. They are plain reads sent
 * without waiting, so that those for many tools take one round trip and no script.
 */
record ToolUseReply(
    RedisFuture<Long> slots,
    RedisFuture<List<KeyValue<String, String>>> lines,
    RedisFuture<String> breaker) {

  /** Sends the reads. */
  static ToolUseReply ask(
      RedisClusterAsyncCommands<String, String> redis, RedisKeys keys, int shard, String tool) {
    return new ToolUseReply(
        redis.scard(keys.gate(shard, tool, "s")),
        redis.hmget(
            keys.lines(shard),
            IntStream.range(0, Priority.BANDS)
                .mapToObj(band -> "g:t:" + tool + ":" + band)
                .toArray(String[]::new)),
        redis.hget(keys.gate(shard, tool, "o"), "until"));
  }

  /** Waits for the replies. */
  ToolUse read(QueueConnections connections) {
    long waiting = 0;
    for (KeyValue<String, String> line : connections.await(lines)) {
      waiting += Long.parseLong(line.getValueOrElse("0"));
    }
    String until = connections.await(breaker);
    return new ToolUse(connections.await(slots), waiting, until != null);
  }
}
