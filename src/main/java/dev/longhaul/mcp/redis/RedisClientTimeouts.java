package dev.longhaul.mcp.redis;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.longhaul.job.Digest;
import dev.longhaul.mcp.timeout.ClientKey;
import dev.longhaul.mcp.timeout.ClientTimeoutStore;
import dev.longhaul.mcp.timeout.LearnedTimeout;
import dev.longhaul.redis.KeyTags;
import dev.longhaul.redis.LuaScript;
import dev.longhaul.redis.RedisConnections;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Stores learned time-outs in one hash per caller: the field is the client, the value its last
 * disconnect, its limit and the time of the entry, in milliseconds. Concurrent updates by two
 * processes may lose one disconnect, which does no harm, because the next one is counted. While
 * Redis is not available, all clients count as unknown.
 */
public final class RedisClientTimeouts implements ClientTimeoutStore {
  /**
   * An entry that is not confirmed for so long is ignored, because clients get updated and
   * reconfigured.
   */
  public static final Duration AGE = Duration.ofDays(7);

  private static final Logger log = LoggerFactory.getLogger(RedisClientTimeouts.class);
  private static final Duration LOCAL_TTL = Duration.ofSeconds(10);
  private static final String SEPARATOR = "\n";
  private static final LuaScript PUT = LuaScript.file("mcp/patience-put");

  private final RedisConnections redis;
  private final String prefix;
  private final Clock clock;
  private final Cache<Entry, Optional<LearnedTimeout>> recent =
      Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(LOCAL_TTL).build();

  private record Entry(String owner, ClientKey client) {}

  public RedisClientTimeouts(RedisConnections redis, KeyTags tags, Clock clock) {
    this.redis = redis;
    this.prefix = tags.tag() + ":mcp:patience:";
    this.clock = clock;
  }

  @Override
  public Optional<LearnedTimeout> find(String owner, ClientKey client) {
    return recent.get(
        new Entry(owner, client),
        _ -> reading(() -> read(hash(owner, client)), Optional.<LearnedTimeout>empty()));
  }

  private @Nullable String hash(String owner, ClientKey client) {
    return redis.run(on -> on.hget(key(owner), field(client)));
  }

  @Override
  public Map<ClientKey, LearnedTimeout> all(String owner) {
    Map<ClientKey, LearnedTimeout> all = new HashMap<>();
    redis
        .run(on -> on.hgetall(key(owner)))
        .forEach((field, value) -> read(value).ifPresent(learnt -> all.put(client(field), learnt)));
    return all;
  }

  @Override
  public void put(String owner, ClientKey client, LearnedTimeout learnt) {
    recent.put(new Entry(owner, client), Optional.of(learnt));
    var _ =
        reading(
            () ->
                redis.texts(
                    PUT,
                    List.of(key(owner)),
                    field(client),
                    write(learnt),
                    String.valueOf(MAX_CLIENTS),
                    String.valueOf(AGE.toMillis())),
            List.<String>of());
  }

  @Override
  public void remove(String owner, ClientKey client) {
    recent.put(new Entry(owner, client), Optional.empty());
    var _ = reading(() -> redis.run(on -> on.hdel(key(owner), field(client))), 0L);
  }

  private String key(String owner) {
    return prefix + Digest.of(owner);
  }

  private static String field(ClientKey client) {
    return client.name() + SEPARATOR + client.version();
  }

  private static ClientKey client(String field) {
    int end = field.lastIndexOf(SEPARATOR);
    return new ClientKey(field.substring(0, end), field.substring(end + 1));
  }

  private static String write(LearnedTimeout learnt) {
    return millis(learnt.lastLeave())
        + " "
        + millis(learnt.limit())
        + " "
        + learnt.at().toEpochMilli();
  }

  private static long millis(@Nullable Duration time) {
    return time == null ? -1 : time.toMillis();
  }

  private Optional<LearnedTimeout> read(@Nullable String value) {
    if (value == null || said(value).plus(AGE).isBefore(clock.instant())) {
      return Optional.empty();
    }
    String[] parts = value.split(" ", -1);
    return Optional.of(new LearnedTimeout(time(parts[0]), time(parts[1]), said(value)));
  }

  private static @Nullable Duration time(String millis) {
    long known = Long.parseLong(millis);
    return known < 0 ? null : Duration.ofMillis(known);
  }

  private static Instant said(String value) {
    return Instant.ofEpochMilli(Long.parseLong(value.substring(value.lastIndexOf(' ') + 1)));
  }

  private static <T> T reading(Supplier<T> action, T otherwise) {
    try {
      return action.get();
    } catch (DataAccessException e) {
      log.debug("Redis is not available, so a client's learned time-out was not read or stored", e);
      return otherwise;
    }
  }
}
