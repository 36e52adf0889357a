package dev.longhaul.queue.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an older build had stored, with jobs in every state: {@code stored/layout-N.json} was
 * written by commit 8059208 (layout 1) and by 2e989a6 (layout 2). Each line is a key after the tag,
 * its type, its TTL in ms, and what it holds. Times are moved to now.
 */
record StoredStates(JsonNode document) {
  private static final Pattern TIME = Pattern.compile("\\b1[67]\\d{11}\\b");
  private static final String BINARY = "base64:";

  static StoredStates of(int layout) {
    String name = "/stored/layout-" + layout + ".json";
    try (InputStream in = StoredStates.class.getResourceAsStream(name)) {
      return new StoredStates(
          JsonMapper.builder().build().readTree(Objects.requireNonNull(in, name)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The ids of the jobs, batches and chains by their names. */
  JsonNode ids() {
    return document.path("jobs");
  }

  /** Writes all keys behind a tag. */
  void restore(String url, String tag) {
    long moved = System.currentTimeMillis() - document.path("at").asLong();
    try (var client = RedisClient.create(url);
        var connection = client.connect(ByteArrayCodec.INSTANCE)) {
      var redis = connection.sync();
      for (JsonNode entry : document.path("keys")) {
        byte[] key = bytes(tag + entry.get(0).asString());
        List<byte[]> values = new ArrayList<>();
        for (int i = 3; i < entry.size(); i++) {
          values.add(value(entry.get(i).asString(), moved));
        }
        write(redis, key, entry.get(1).asString(), values);
        long ttl = entry.get(2).asLong();
        if (ttl > 0) {
          redis.pexpire(key, ttl);
        }
      }
    }
  }

  private static void write(
      RedisCommands<byte[], byte[]> redis, byte[] key, String type, List<byte[]> values) {
    switch (type) {
      case "string" -> redis.set(key, values.getFirst());
      case "list" -> redis.rpush(key, values.toArray(byte[][]::new));
      case "set" -> redis.sadd(key, values.toArray(byte[][]::new));
      case "zset" -> {
        for (int i = 0; i < values.size(); i += 2) {
          double score = Double.parseDouble(new String(values.get(i + 1), StandardCharsets.UTF_8));
          redis.zadd(key, score, values.get(i));
        }
      }
      case "hash" -> {
        for (int i = 0; i < values.size(); i += 2) {
          redis.hset(key, values.get(i), values.get(i + 1));
        }
      }
      default -> throw new IllegalStateException(type);
    }
  }

  private static byte[] value(String text, long moved) {
    return text.startsWith(BINARY)
        ? Base64.getDecoder().decode(text.substring(BINARY.length()))
        : bytes(
            TIME.matcher(text)
                .replaceAll(time -> Long.toString(Long.parseLong(time.group()) + moved)));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
