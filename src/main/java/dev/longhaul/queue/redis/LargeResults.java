package dev.longhaul.queue.redis;

import dev.longhaul.job.JobId;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Stores and reads results on a separate connection, so that large ones do not delay claims and
 * renewals. A large result is compressed and written under a temporary key, which the step that
 * accepts the outcome renames.
 */
final class LargeResults {
  // The time to live of a temporary key, for results that no step accepts.
  private static final Duration STAGED = Duration.ofMinutes(10);
  private static final String LENGTH = "z";
  private static final int BUFFER = 16_384;

  private final QueueConnections connections;
  private final RedisKeys keys;
  private final long threshold;

  /**
   * @param threshold from how many characters a result is large
   */
  LargeResults(QueueConnections connections, RedisKeys keys, long threshold) {
    this.connections = connections;
    this.keys = keys;
    this.threshold = threshold;
  }

  boolean isLarge(long size) {
    return size >= threshold;
  }

  /**
   * Writes a large result under a temporary key.
   *
   * @param fields field, value, …
   * @param nonce makes the key unique
   */
  CompletableFuture<Void> stage(JobId id, List<String> fields, String nonce) {
    Map<String, byte[]> stored = new LinkedHashMap<>();
    for (int i = 0; i < fields.size(); i += 2) {
      byte[] value = bytes(fields.get(i + 1));
      if (value.length < threshold / 4) {
        stored.put(fields.get(i), value);
      } else {
        stored.put(fields.get(i), compressed(value));
        stored.put(fields.get(i) + LENGTH, bytes(Integer.toString(value.length)));
      }
    }
    String key = keys.result(id.shard(), id.value()) + ":" + nonce;
    var redis = connections.bulk();
    var written = redis.hset(key, stored).toCompletableFuture();
    var expiring = redis.pexpire(key, STAGED).toCompletableFuture();
    return CompletableFuture.allOf(written, expiring);
  }

  /** The decompressed fields of a result; empty if there is none. */
  CompletableFuture<Map<String, String>> read(JobId id) {
    return connections
        .bulk()
        .hgetall(keys.result(id.shard(), id.value()))
        .toCompletableFuture()
        .thenApply(LargeResults::expanded);
  }

  private static Map<String, String> expanded(Map<String, byte[]> stored) {
    Map<String, String> fields = new HashMap<>();
    stored.forEach((field, value) -> {
      byte[] length = stored.get(field + LENGTH);
      byte[] plain = length == null ? value : decompressed(value, Integer.parseInt(text(length)));
      fields.put(field, text(plain));
    });
    return fields;
  }

  // The JDK's compression: a faster library needs native code, of which JDK 25 warns, and tools
  // take much longer than the compression.
  static byte[] compressed(byte[] plain) {
    try (var deflater = new Deflater(Deflater.BEST_SPEED)) {
      deflater.setInput(plain);
      deflater.finish();
      var out = new ByteArrayOutputStream(plain.length / 4);
      byte[] buffer = new byte[BUFFER];
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
      return out.toByteArray();
    }
  }

  static byte[] decompressed(byte[] compressed, int length) {
    try (var inflater = new Inflater()) {
      inflater.setInput(compressed);
      byte[] plain = new byte[length];
      int done = 0;
      while (done < length) {
        int read = inflater.inflate(plain, done, length - done);
        if (read == 0) {
          throw new IllegalStateException("a stored result is shorter than its stated length");
        }
        done += read;
      }
      return plain;
    } catch (DataFormatException e) {
      throw new IllegalStateException("a stored result cannot be decompressed", e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
