package dev.longhaul.queue.redis.production;

import dev.longhaul.job.Priority;
import dev.longhaul.queue.redis.Layout;
import dev.longhaul.redis.KeyTags;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.data.redis.connection.RedisConnection;

/** The queues in which jobs wait now; reads only, without the scripts. */
final class StoredQueues {
  private StoredQueues() {}

  static Set<String> withJobs(RedisConnection connection, String namespace) {
    KeyTags tags = new KeyTags(namespace);
    byte[] stored = connection.hashCommands().hGet(bytes(Layout.key(namespace)), bytes("shards"));
    int shards = stored == null ? 0 : Integer.parseInt(text(stored));
    Set<String> found = new TreeSet<>();
    for (int shard = 0; shard < shards; shard++) {
      String tag = tags.tag(shard);
      Set<byte[]> names = connection.hashCommands().hKeys(bytes(tag + ":queues"));
      for (byte[] name : names == null ? Set.<byte[]>of() : names) {
        if (hasJobs(connection, tag + ":q:" + text(name) + ":")) {
          found.add(text(name));
        }
      }
    }
    return found;
  }

  private static boolean hasJobs(RedisConnection connection, String list) {
    for (int band = 0; band < Priority.BANDS; band++) {
      Long length = connection.listCommands().lLen(bytes(list + band));
      if (length != null && length > 0) {
        return true;
      }
    }
    return false;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
