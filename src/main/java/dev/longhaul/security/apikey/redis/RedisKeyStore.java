package dev.longhaul.security.apikey.redis;

import dev.longhaul.job.RandomText;
import dev.longhaul.redis.Channels;
import dev.longhaul.redis.KeyTags;
import dev.longhaul.redis.LuaScript;
import dev.longhaul.redis.RedisConnections;
import dev.longhaul.security.apikey.ApiKey;
import dev.longhaul.security.apikey.KeyStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps keys in one hash, by name, as JSON. A change writes a new version and publishes it in the
 * same script.
 */
public final class RedisKeyStore implements KeyStore {
  private static final LuaScript CHANGE = LuaScript.file("security/key-change");
  private static final LuaScript GENERATIONS = LuaScript.file("security/key-generations");
  private static final LuaScript USED = LuaScript.file("security/key-used");
  private static final int VERSION_BYTES = 8;

  private final RedisConnections redis;
  private final @Nullable Channels channels;
  private final String keys;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  /**
   * @param channels null if it need not hear of changes
   */
  public RedisKeyStore(RedisConnections redis, @Nullable Channels channels, KeyTags tags) {
    this.redis = redis;
    this.channels = channels;
    this.keys = tags.tag() + ":keys";
  }

  @Override
  public Optional<Stored> load(@Nullable String known) {
    // The version is read first: of a change in between the next read will learn.
    String version =
        Objects.requireNonNullElse(redis.<@Nullable String>run(on -> on.get(version())), "");
    if (version.equals(known)) {
      return Optional.empty();
    }
    List<ApiKey> all = new ArrayList<>();
    redis
        .run(on -> on.hgetall(keys))
        .forEach((name, json) -> StoredKey.read(name, json).ifPresent(all::add));
    return Optional.of(new Stored(version, all));
  }

  @Override
  public Change add(ApiKey key) {
    return change(key.name(), "add", "", StoredKey.write(key));
  }

  @Override
  public Change replace(ApiKey read, ApiKey key) {
    String name = key.name();
    String there = redis.<@Nullable String>run(on -> on.hget(keys, name));
    if (there == null || !StoredKey.read(name, there).equals(Optional.of(read))) {
      return Change.REFUSED;
    }
    return change(name, "replace", there, StoredKey.write(key, there));
  }

  @Override
  public Change remove(String name) {
    return change(name, "remove", "", "");
  }

  private Change change(String name, String what, String before, String after) {
    List<String> answer =
        redis.texts(
            CHANGE,
            List.of(keys, version(), uses()),
            what,
            name,
            before,
            after,
            String.valueOf(MOST),
            RandomText.hex(VERSION_BYTES),
            channel());
    return Change.valueOf(answer.getFirst());
  }

  @Override
  public List<String> generations(String name, List<String> digests, String fresh) {
    return redis.texts(
        GENERATIONS,
        List.of(keys + ":generations"),
        Stream.concat(Stream.of(name, fresh), digests.stream()).toArray(String[]::new));
  }

  @Override
  public void used(String name, String generation) {
    var _ = redis.texts(USED, List.of(uses()), use(name, generation));
  }

  @Override
  public Map<String, Instant> lastUsed() {
    Map<String, Instant> all = new HashMap<>();
    redis
        .run(on -> on.hgetall(uses()))
        .forEach((use, millis) -> all.put(use, Instant.ofEpochMilli(Long.parseLong(millis))));
    return all;
  }

  @Override
  public void onChange(Runnable action) {
    listeners.add(action);
    if (channels != null && listeners.size() == 1) {
      channels.hear(channel(), new Changes());
    }
  }

  private final class Changes implements Channels.Listener {
    @Override
    public void message(String text) {
      listeners.forEach(Runnable::run);
    }

    @Override
    public void subscribed() {
      listeners.forEach(Runnable::run); // a message may have been lost before
    }
  }

  private static String use(String name, String generation) {
    return name + " " + generation;
  }

  /** String: another one after each change. */
  private String version() {
    return keys + ":version";
  }

  /** Hash: when each key was last used. */
  private String uses() {
    return keys + ":used";
  }

  private String channel() {
    return keys + ":changed";
  }
}
