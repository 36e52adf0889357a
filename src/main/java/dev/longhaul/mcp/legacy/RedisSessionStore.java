package dev.longhaul.mcp.legacy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.core.io.ClassPathResource;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.DefaultRedisScript;
import org.springframework.data.redis.core.script.RedisScript;

/** Sessions as hashes {@code {lh:<namespace>}:mcp:session:<id>} whose TTL slides with each use. */
public final class RedisSessionStore implements SessionStore {
  private static final String VERSION = "version";
  private static final String CLIENT_NAME = "client_name";
  private static final String CLIENT_VERSION = "client_version";
  private static final String CAPABILITIES = "capabilities";

  private static final RedisScript<List<String>> TOUCH = script("redis/mcp/session-touch.lua");
  private static final RedisScript<List<String>> SAVE = script("redis/mcp/session-save.lua");

  private final StringRedisTemplate redis;
  private final String prefix;
  private final String ttlMillis;

  /**
   * @param ttl how long a session outlives its last use
   */
  public RedisSessionStore(StringRedisTemplate redis, String namespace, Duration ttl) {
    this.redis = redis;
    this.prefix = "{lh:" + namespace + "}:mcp:session:";
    this.ttlMillis = Long.toString(ttl.toMillis());
  }

  @Override
  public void save(Session session) {
    redis.execute(
        SAVE,
        List.of(key(session.id())),
        ttlMillis,
        VERSION,
        session.version(),
        CLIENT_NAME,
        session.clientName(),
        CLIENT_VERSION,
        session.clientVersion(),
        CAPABILITIES,
        session.capabilities());
  }

  @Override
  public Optional<Session> touch(String id) {
    if (!SessionIds.isValid(id)) {
      return Optional.empty();
    }
    List<String> pairs = redis.execute(TOUCH, List.of(key(id)), ttlMillis);
    if (pairs == null || pairs.isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> fields = new java.util.HashMap<>();
    for (int i = 0; i + 1 < pairs.size(); i += 2) {
      fields.put(pairs.get(i), pairs.get(i + 1));
    }
    return Optional.of(
        new Session(
            id,
            fields.getOrDefault(VERSION, LegacyVersion.LATEST),
            fields.getOrDefault(CLIENT_NAME, ""),
            fields.getOrDefault(CLIENT_VERSION, ""),
            fields.getOrDefault(CAPABILITIES, "{}")));
  }

  @Override
  public boolean end(String id) {
    return SessionIds.isValid(id) && Boolean.TRUE.equals(redis.delete(key(id)));
  }

  private String key(String id) {
    return prefix + id;
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // Spring Data knows lists only as raw classes.
  private static RedisScript<List<String>> script(String path) {
    DefaultRedisScript<List> script = new DefaultRedisScript<>();
    // With its own class loader: a thread of a server that was stopped since could not load it.
    script.setLocation(new ClassPathResource(path, RedisSessionStore.class.getClassLoader()));
    script.setResultType(List.class);
    return (RedisScript) script;
  }
}
