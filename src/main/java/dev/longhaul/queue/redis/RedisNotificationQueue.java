package dev.longhaul.queue.redis;

import dev.longhaul.job.JobId;
import dev.longhaul.queue.DeliveryEntry;
import dev.longhaul.queue.NotificationQueue;
import dev.longhaul.queue.QueueFullException;
import dev.longhaul.queue.ResultProperties;
import dev.longhaul.redis.Scripts;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Implements {@link NotificationQueue} on Redis, in the shard of the subject. */
final class RedisNotificationQueue implements NotificationQueue {
  private final QueueConnections connections;
  private final RedisKeys keys;
  private final ResultProperties results;
  private final JsonMapper json;

  RedisNotificationQueue(
      QueueConnections connections, RedisKeys keys, ResultProperties results, JsonMapper json) {
    this.connections = connections;
    this.keys = keys;
    this.results = results;
    this.json = json;
  }

  @Override
  public void record(JobId subject, DeliveryEntry entry) {
    List<String> args =
        List.of(subject.value(), NotificationFields.write(entry, json), statusTtl());
    var _ =
        connections.await(
            Scripts.number(
                connections.shared(), Script.NOTIFY_LOG, keys.tag(subject.shard()), args));
  }

  @Override
  public List<DeliveryEntry> log(JobId subject) {
    return connections
        .await(
            connections.shared().lrange(keys.deliveries(subject.shard(), subject.value()), 0, -1))
        .stream()
        .map(entry -> NotificationFields.read(entry, json))
        .toList();
  }

  @Override
  public List<JobId> again(JobId subject, @Nullable String channel) {
    List<String> args = List.of(subject.value(), channel == null ? "" : channel, statusTtl());
    List<Object> ids =
        connections.await(
            Scripts.list(
                connections.shared(), Script.NOTIFY_AGAIN, keys.tag(subject.shard()), args));
    if (ids.contains("-")) {
      throw new QueueFullException(
          "Many deliveries of this are unfinished, or the store is nearly full; try again later.",
          RedisJobQueue.RETRY_AFTER);
    }
    return ids.stream().map(id -> new JobId((String) id)).toList();
  }

  private String statusTtl() {
    return Long.toString(results.statusTtl().toMillis());
  }
}
