package dev.longhaul.mcp.legacy.redis;

import dev.longhaul.mcp.legacy.LegacyVersion;
import dev.longhaul.mcp.legacy.Session;
import dev.longhaul.mcp.legacy.SessionIds;
import dev.longhaul.mcp.legacy.SessionStore;
import dev.longhaul.redis.KeyTags;
import dev.longhaul.redis.LuaScript;
import dev.longhaul.redis.RedisConnections;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Stores sessions as hashes {@code {lh:<namespace>}:mcp:session:<id>}; each use renews the TTL. */
public final class RedisSessionStore implements SessionStore {
  private static final String OWNER = "owner";
  private static final String VERSION = "version";
  private static final String CLIENT_NAME = "client_name";
  private static final String CLIENT_VERSION = "client_version";
  private static final String CAPABILITIES = "capabilities";

  private static final String SSE_STREAM = "sse_stream";
  private static final String TTL = "ttl";
  private static final String LOG_LEVEL = "log_level";

  private static final LuaScript SET = LuaScript.file("mcp/session-set");
  private static final LuaScript TOUCH = LuaScript.file("mcp/session-touch");
  private static final LuaScript SAVE = LuaScript.file("mcp/session-save");
  private static final LuaScript END = LuaScript.file("mcp/session-end");

  private final RedisConnections redis;
  private final LegacyKeys keys;
  private final Duration ttl;
  private final int most;

  /**
   * @param ttl a session's time to live since its last use
   * @param most how many sessions an owner has at most
   */
  public RedisSessionStore(RedisConnections redis, KeyTags tags, Duration ttl, int most) {
    this.most = most;
    this.redis = redis;
    this.keys = LegacyKeys.of(tags);
    this.ttl = ttl;
  }

  @Override
  public void save(Session session) {
    save(session, ttl);
  }

  @Override
  public void save(Session session, Duration itsTtl) {
    List<String> fields = new ArrayList<>();
    String millis = Long.toString(itsTtl.toMillis());
    fields.add(millis);
    fields.add(session.id());
    fields.add(Integer.toString(most));
    fields.add(keys.session(""));
    fields.addAll(List.of(OWNER, session.owner(), VERSION, session.version()));
    fields.addAll(List.of(CLIENT_NAME, session.clientName()));
    fields.addAll(List.of(CLIENT_VERSION, session.clientVersion()));
    fields.addAll(List.of(CAPABILITIES, session.capabilities()));
    if (session.sseStream() != null) {
      fields.addAll(List.of(SSE_STREAM, session.sseStream()));
    }
    if (!itsTtl.equals(ttl)) {
      fields.addAll(List.of(TTL, millis));
    }
    var _ =
        redis.texts(
            SAVE,
            List.of(key(session.id()), keys.sessionsOf(session.owner())),
            fields.toArray(String[]::new));
  }

  @Override
  public Optional<Session> touch(String id) {
    if (!SessionIds.isValid(id)) {
      return Optional.empty();
    }
    List<String> pairs =
        redis.texts(
            TOUCH,
            List.of(key(id), keys.pushStreams(id), keys.subscriptions(id)),
            Long.toString(ttl.toMillis()),
            id,
            keys.sessionsOf(""));
    if (pairs.isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> fields = new java.util.HashMap<>();
    for (int i = 0; i + 1 < pairs.size(); i += 2) {
      fields.put(pairs.get(i), pairs.get(i + 1));
    }
    return Optional.of(
        new Session(
            id,
            fields.getOrDefault(OWNER, ""),
            fields.getOrDefault(VERSION, LegacyVersion.LATEST),
            fields.getOrDefault(CLIENT_NAME, ""),
            fields.getOrDefault(CLIENT_VERSION, ""),
            fields.getOrDefault(CAPABILITIES, "{}"),
            fields.get(LOG_LEVEL),
            fields.get(SSE_STREAM)));
  }

  @Override
  public boolean logLevel(String id, String level) {
    return !redis.texts(SET, List.of(key(id)), LOG_LEVEL, level).isEmpty();
  }

  @Override
  public boolean end(String id) {
    return SessionIds.isValid(id)
        && !redis.texts(END, List.of(key(id)), id, keys.sessionsOf("")).isEmpty();
  }

  private String key(String id) {
    return keys.session(id);
  }
}
