package dev.longhaul.mcp.legacy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.data.redis.core.StringRedisTemplate;
import tools.jackson.databind.node.ObjectNode;

/**
 * The streams that sessions opened with GET, and the one stream of a session of 2024-11-05. A
 * session may have several; what concerns the session as a whole goes to the newest of them alone.
 */
final class PushStreams {
  /** More than any client has use for; the oldest ends when another one is opened. */
  private static final int PER_SESSION = 4;

  private static final ListScript ADD = new ListScript("gets-add");
  private static final ListScript LEAVE = new ListScript("gets-leave");

  private final StringRedisTemplate redis;
  private final LegacyKeys keys;
  private final EventLog events;
  private final Duration sessionTtl;

  PushStreams(StringRedisTemplate redis, LegacyKeys keys, EventLog events, Duration sessionTtl) {
    this.redis = redis;
    this.keys = keys;
    this.events = events;
    this.sessionTtl = sessionTtl;
  }

  /** A client is connected to a stream, newly or again. */
  void opened(StreamRef stream) {
    List<String> dropped =
        ADD.run(
            redis,
            List.of(keys.pushStreams(stream.session())),
            stream.id(),
            Long.toString(sessionTtl.toMillis()),
            Integer.toString(PER_SESSION));
    dropped.forEach(id -> events.delete(new StreamRef(stream.session(), id)));
  }

  /** A client has left a stream. */
  void left(StreamRef stream) {
    LEAVE.run(redis, List.of(keys.pushStreams(stream.session())), stream.id());
  }

  /** The stream that messages to the session go to; empty if it has none. */
  Optional<StreamRef> chosen(String session) {
    Set<String> newest = redis.opsForZSet().reverseRange(keys.pushStreams(session), 0, 0);
    return newest == null
        ? Optional.empty()
        : newest.stream().findFirst().map(id -> new StreamRef(session, id));
  }

  /** The session has ended. */
  void end(String session) {
    redis.delete(keys.pushStreams(session));
  }

  /**
   * Sends a message to the session.
   *
   * @return whether it has a stream to be told on
   */
  boolean send(String session, ObjectNode message) {
    return chosen(session)
        .map(stream -> events.append(stream, message, false, null).number() > 0)
        .orElse(false);
  }
}
