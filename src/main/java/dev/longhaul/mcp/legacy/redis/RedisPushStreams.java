package dev.longhaul.mcp.legacy.redis;

import dev.longhaul.mcp.legacy.EventLog;
import dev.longhaul.mcp.legacy.PushStreams;
import dev.longhaul.mcp.legacy.StreamRef;
import dev.longhaul.redis.LuaScript;
import dev.longhaul.redis.RedisConnections;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Stores the streams of a session in a sorted set by the time they were opened. */
final class RedisPushStreams implements PushStreams {
  private static final LuaScript ADD = LuaScript.file("mcp/gets-add");
  private static final LuaScript LEAVE = LuaScript.file("mcp/gets-leave");

  private final RedisConnections redis;
  private final LegacyKeys keys;
  private final EventLog events;
  private final Duration sessionTtl;

  RedisPushStreams(RedisConnections redis, LegacyKeys keys, EventLog events, Duration sessionTtl) {
    this.redis = redis;
    this.keys = keys;
    this.events = events;
    this.sessionTtl = sessionTtl;
  }

  @Override
  public void opened(StreamRef stream) {
    List<String> dropped =
        redis.texts(
            ADD,
            List.of(keys.pushStreams(stream.session())),
            stream.id(),
            Long.toString(sessionTtl.toMillis()),
            Integer.toString(MAX_PER_SESSION));
    dropped.forEach(id -> events.delete(new StreamRef(stream.session(), id)));
  }

  @Override
  public void left(StreamRef stream) {
    var _ = redis.texts(LEAVE, List.of(keys.pushStreams(stream.session())), stream.id());
  }

  @Override
  public Optional<StreamRef> newest(String session) {
    return redis.run(on -> on.zrevrange(keys.pushStreams(session), 0, 0)).stream()
        .findFirst()
        .map(id -> new StreamRef(session, id));
  }

  @Override
  public void end(String session) {
    var _ = redis.run(on -> on.del(keys.pushStreams(session)));
  }

  @Override
  public boolean send(String session, ObjectNode message) {
    return newest(session)
        .map(stream -> events.append(stream, message, false, null).number() > 0)
        .orElse(false);
  }
}
