package dev.longhaul.mcp.legacy;

import dev.longhaul.mcp.wire.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.core.StringRedisTemplate;
import tools.jackson.databind.node.ObjectNode;

/**
 * The event streams of all sessions in Redis: bounded logs with one owner each. Owner 0 is the
 * connection a call came on; whoever resumes a stream becomes its next owner, and from then on
 * nobody else writes it to a client. All methods throw Spring's {@code DataAccessException} while
 * Redis cannot be reached.
 */
final class EventLog {
  /** How long the log of a call that has not ended outlives its last message. */
  private static final Duration OPEN_CALL = Duration.ofHours(1);

  /** How many messages are read at once. */
  private static final int PAGE = 64;

  private static final ListScript OPEN = new ListScript("stream-open");
  private static final ListScript APPEND = new ListScript("stream-append");
  private static final ListScript TAKE = new ListScript("stream-take");
  private static final ListScript READ = new ListScript("stream-read");

  private final StringRedisTemplate redis;
  private final LegacyKeys keys;
  private final Signals signals;
  private final Limits limits;

  EventLog(StringRedisTemplate redis, LegacyKeys keys, Signals signals, Limits limits) {
    this.redis = redis;
    this.keys = keys;
    this.signals = signals;
    this.limits = limits;
  }

  /**
   * What bounds a log.
   *
   * @param ttl how long it outlives its last use
   * @param messages the most messages kept
   * @param bytes the most bytes kept, but always the newest message
   */
  record Limits(Duration ttl, int messages, long bytes) {}

  /**
   * Begins a stream.
   *
   * @param fields what whoever resumes it must know, see {@link Taken}
   */
  void open(StreamRef stream, Map<String, String> fields) {
    open(stream, fields, Duration.ZERO);
  }

  /**
   * Begins the stream of a call that waits.
   *
   * @param waited for how long it has waited
   */
  void open(StreamRef stream, Map<String, String> fields, Duration waited) {
    List<String> arguments = new ArrayList<>();
    arguments.add(millis(stream.isPush() ? limits.ttl() : OPEN_CALL));
    arguments.add(millis(waited));
    fields.forEach((name, value) -> {
      arguments.add(name);
      arguments.add(value);
    });
    OPEN.run(redis, List.of(keys.stream(stream)), arguments.toArray());
  }

  /**
   * Appends a message.
   *
   * @param last whether the stream ends with it
   * @param owner append only while this one owns the stream; null for whoever does
   */
  Appended append(StreamRef stream, ObjectNode message, boolean last, @Nullable Long owner) {
    boolean progress = message.path("method").asString("").equals("notifications/progress");
    return append(
        stream, Json.text(message), last, owner, progress ? Json.text(message.path("params")) : "");
  }

  /**
   * Ends a stream without a message.
   *
   * @param owner only while this one owns the stream; null for whoever does
   */
  void end(StreamRef stream, @Nullable Long owner) {
    append(stream, "", true, owner, "");
  }

  private Appended append(
      StreamRef stream, String message, boolean last, @Nullable Long owner, String progress) {
    Duration ttl = last || stream.isPush() ? limits.ttl() : OPEN_CALL;
    List<String> answer =
        APPEND.run(
            redis,
            List.of(keys.stream(stream), keys.log(stream)),
            message,
            last ? "1" : "0",
            millis(ttl),
            Integer.toString(limits.messages()),
            Long.toString(limits.bytes()),
            signals.channel(),
            Signals.message(stream),
            owner == null ? "" : owner.toString(),
            progress);
    return new Appended(Long.parseLong(answer.get(0)), Long.parseLong(answer.get(1)));
  }

  /**
   * What became of a message.
   *
   * @param number its number in the stream, 0 if it was not appended
   * @param owner who owns the stream, -1 if it is unknown
   */
  record Appended(long number, long owner) {}

  /** Becomes the owner of a stream; empty if it is unknown. */
  Optional<Taken> take(StreamRef stream) {
    List<String> answer =
        TAKE.run(
            redis,
            List.of(keys.stream(stream), keys.log(stream)),
            millis(stream.isPush() ? limits.ttl() : OPEN_CALL),
            signals.channel(),
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
        new Taken(
            Long.parseLong(answer.get(0)),
            Duration.ofMillis(Long.parseLong(answer.get(1))),
            Map.copyOf(fields)));
  }

  /** Who owns a stream: 0 as long as nobody has taken it over, or if it is unknown. */
  long owner(StreamRef stream) {
    String owner = redis.<String, String>opsForHash().get(keys.stream(stream), "o");
    return owner == null ? 0 : Long.parseLong(owner);
  }

  /**
   * Reads the messages after the one of that number, some at a time.
   *
   * @param sessionTtl how long the session outlives this
   */
  Page read(StreamRef stream, long owner, long after, Duration sessionTtl) {
    List<String> answer =
        READ.run(
            redis,
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

  /** What whoever reads a stream has before him. */
  enum State {
    /** There may be more. */
    OPEN,
    /** These messages were the last. */
    ENDED,
    /** The stream is forgotten, its session has ended, or somebody else has taken it over. */
    LOST
  }

  /**
   * Some messages.
   *
   * @param first the number of the first of them
   */
  record Page(State state, long first, List<String> messages) {
    boolean full() {
      return messages.size() == PAGE;
    }
  }

  /** Whether the stream is known. */
  boolean exists(StreamRef stream) {
    return Boolean.TRUE.equals(redis.hasKey(keys.stream(stream)));
  }

  /** Forgets a stream; who reads it notices. */
  void delete(StreamRef stream) {
    redis.delete(List.of(keys.stream(stream), keys.log(stream)));
    signals.publish(Signals.message(stream));
  }

  private static String millis(Duration duration) {
    return Long.toString(duration.toMillis());
  }
}
