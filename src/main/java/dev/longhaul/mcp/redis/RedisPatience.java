package dev.longhaul.mcp.redis;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.longhaul.job.Digest;
import dev.longhaul.mcp.patience.ClientKey;
import dev.longhaul.mcp.patience.LearntLimit;
import dev.longhaul.mcp.patience.PatienceStore;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * What was learnt, in a hash for each caller: the field is the client, the value its last leave,
 * its limit and when that was said, in milliseconds. Two processes that learn at the same moment
 * lose one of two leaves, and the next one is learnt from. Nobody waits for it: where Redis cannot
 * be reached nothing is known.
 */
public final class RedisPatience implements PatienceStore {
  /** What is not confirmed for so long is forgotten: clients are updated and configured anew. */
  public static final Duration AGE = Duration.ofDays(7);

  private static final Logger log = LoggerFactory.getLogger(RedisPatience.class);
  private static final Duration REMEMBERED = Duration.ofSeconds(10);
  private static final String SEPARATOR = "\n";
  private static final LuaScript PUT = LuaScript.file("mcp/patience-put");

  private final RedisConnections redis;
  private final String prefix;
  private final Clock clock;
  private final Cache<Place, Optional<LearntLimit>> recent =
      Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(REMEMBERED).build();

  private record Place(String owner, ClientKey client) {}

  public RedisPatience(RedisConnections redis, KeyTags tags, Clock clock) {
    this.redis = redis;
    this.prefix = tags.tag() + ":mcp:patience:";
    this.clock = clock;
  }

  @Override
  public Optional<LearntLimit> find(String owner, ClientKey client) {
    return recent.get(
        new Place(owner, client),
        _ -> reading(() -> read(hash(owner, client)), Optional.<LearntLimit>empty()));
  }

  private @Nullable String hash(String owner, ClientKey client) {
    return redis.run(on -> on.hget(key(owner), field(client)));
  }

  @Override
  public Map<ClientKey, LearntLimit> all(String owner) {
    Map<ClientKey, LearntLimit> all = new HashMap<>();
    redis
        .run(on -> on.hgetall(key(owner)))
        .forEach((field, value) -> read(value).ifPresent(learnt -> all.put(client(field), learnt)));
    return all;
  }

  @Override
  public void put(String owner, ClientKey client, LearntLimit learnt) {
    recent.put(new Place(owner, client), Optional.of(learnt));
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
    recent.put(new Place(owner, client), Optional.empty());
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

  private static String write(LearntLimit learnt) {
    return millis(learnt.lastLeave())
        + " "
        + millis(learnt.limit())
        + " "
        + learnt.at().toEpochMilli();
  }

  private static long millis(@Nullable Duration time) {
    return time == null ? -1 : time.toMillis();
  }

  private Optional<LearntLimit> read(@Nullable String value) {
    if (value == null || said(value).plus(AGE).isBefore(clock.instant())) {
      return Optional.empty();
    }
    String[] parts = value.split(" ", -1);
    return Optional.of(new LearntLimit(time(parts[0]), time(parts[1]), said(value)));
  }

  private static @Nullable Duration time(String millis) {
    long known = Long.parseLong(millis);
    return known < 0 ? null : Duration.ofMillis(known);
  }

  private static Instant said(String value) {
    return Instant.ofEpochMilli(Long.parseLong(value.substring(value.lastIndexOf(' ') + 1)));
  }

  private static <T> T reading(Reading<T> action, T otherwise) {
    try {
      return action.read();
    } catch (DataAccessException e) {
      log.debug("What was learnt of a client's patience cannot be read or kept now", e);
      return otherwise;
    }
  }

  @FunctionalInterface
  private interface Reading<T> {
    T read();
  }
}
