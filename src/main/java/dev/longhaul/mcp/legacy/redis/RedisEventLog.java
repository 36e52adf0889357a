package dev.longhaul.mcp.legacy.redis;

import dev.longhaul.mcp.legacy.EventLog;
import dev.longhaul.mcp.legacy.Signals;
import dev.longhaul.mcp.legacy.StreamRef;
import dev.longhaul.mcp.legacy.StreamTakeover;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.redis.LuaScript;
import dev.longhaul.redis.RedisConnections;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Stores a stream as a hash and a list of its messages. */
final class RedisEventLog implements EventLog {
  /** The time to live of an unfinished call's log since its last message. */
  private static final Duration OPEN_CALL = Duration.ofHours(1);

  private static final LuaScript OPEN = LuaScript.file("mcp/stream-open");
  private static final LuaScript APPEND = LuaScript.file("mcp/stream-append");
  private static final LuaScript TAKE = LuaScript.file("mcp/stream-take");
  private static final LuaScript READ = LuaScript.file("mcp/stream-read");

  /** How long after a takeover the previous owner still appends notifications. */
  private static final Duration OWNER_CHANGE_DELAY = Duration.ofSeconds(1);

  private final RedisConnections redis;
  private final LegacyKeys keys;
  private final EventLogLimits limits;

  RedisEventLog(RedisConnections redis, LegacyKeys keys, EventLogLimits limits) {
    this.redis = redis;
    this.keys = keys;
    this.limits = limits;
  }

  @Override
  public void open(StreamRef stream, Map<String, String> fields, Duration waited) {
    List<String> arguments = new ArrayList<>();
    arguments.add(millis(stream.isPush() ? limits.ttl() : OPEN_CALL));
    arguments.add(millis(waited));
    fields.forEach((name, value) -> {
      arguments.add(name);
      arguments.add(value);
    });
    var _ = redis.texts(OPEN, List.of(keys.stream(stream)), arguments.toArray(String[]::new));
  }

  @Override
  public Appended append(StreamRef stream, ObjectNode message, boolean last, @Nullable Long owner) {
    boolean progress = message.path("method").asString("").equals("notifications/progress");
    return append(
        stream,
        Json.text(message),
        last,
        owner,
        progress ? Json.text(message.path("params")) : "",
        "");
  }

  @Override
  public Appended appendNotification(
      StreamRef stream, ObjectNode message, long owner, Duration since) {
    return append(
        stream, Json.text(message), false, owner, "", millis(since.plus(OWNER_CHANGE_DELAY)));
  }

  @Override
  public void end(StreamRef stream, @Nullable Long owner) {
    var _ = append(stream, "", true, owner, "", "");
  }

  private Appended append(
      StreamRef stream,
      String message,
      boolean last,
      @Nullable Long owner,
      String progress,
      String since) {
    Duration ttl = last || stream.isPush() ? limits.ttl() : OPEN_CALL;
    List<String> answer =
        redis.texts(
            APPEND,
            List.of(keys.stream(stream), keys.log(stream)),
            message,
            last ? "1" : "0",
            millis(ttl),
            Integer.toString(limits.messages()),
            Long.toString(limits.bytes()),
            keys.signals(),
            Signals.message(stream),
            owner == null ? "" : owner.toString(),
            progress,
            since);
    return new Appended(Long.parseLong(answer.get(0)), Long.parseLong(answer.get(1)));
  }

  @Override
  public Optional<StreamTakeover> take(StreamRef stream) {
    List<String> answer =
        redis.texts(
            TAKE,
            List.of(keys.stream(stream), keys.log(stream)),
            millis(stream.isPush() ? limits.ttl() : OPEN_CALL),
            keys.signals(),
            Signals.message(stream),
            Signals.taken(stream));
    if (answer.isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> fields = new HashMap<>();
    for (int i = 2; i + 1 < answer.size(); i += 2) {
      fields.put(answer.get(i), answer.get(i + 1));
    }
    return Optional.of(
        new StreamTakeover(
            Long.parseLong(answer.get(0)),
            Duration.ofMillis(Long.parseLong(answer.get(1))),
            Map.copyOf(fields)));
  }

  @Override
  public long owner(StreamRef stream) {
    @Nullable String owner = redis.run(on -> on.hget(keys.stream(stream), "o"));
    return owner == null ? 0 : Long.parseLong(owner);
  }

  @Override
  public Page read(StreamRef stream, long owner, long after, Duration sessionTtl) {
    List<String> answer =
        redis.texts(
            READ,
            List.of(
                keys.stream(stream),
                keys.log(stream),
                keys.session(stream.session()),
                keys.pushStreams(stream.session()),
                keys.subscriptions(stream.session())),
            Long.toString(owner),
            Long.toString(after),
            Integer.toString(PAGE),
            millis(stream.isPush() ? limits.ttl() : OPEN_CALL),
            millis(sessionTtl));
    State state =
        switch (answer.get(0)) {
          case "open" -> State.OPEN;
          case "ended" -> State.ENDED;
          default -> State.LOST;
        };
    return new Page(state, Long.parseLong(answer.get(1)), answer.subList(2, answer.size()));
  }

  @Override
  public boolean exists(StreamRef stream) {
    return redis.run(on -> on.exists(keys.stream(stream))) == 1;
  }

  @Override
  public void delete(StreamRef stream) {
    var _ = redis.run(on -> on.del(keys.stream(stream), keys.log(stream)));
    var _ = redis.run(on -> on.publish(keys.signals(), Signals.message(stream)));
  }

  private static String millis(Duration duration) {
    return Long.toString(duration.toMillis());
  }
}
