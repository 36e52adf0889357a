package dev.longhaul.mcp.legacy;

import dev.longhaul.job.RandomText;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Identifies an event stream within its session. The session is part of every key, so a stream's id
 * is useless in another session.
 *
 * @param id one letter for the kind and 66 random bits, URL-safe
 */
public record StreamRef(String session, String id) {
  private static final Pattern EVENT = Pattern.compile("([cgs][A-Za-z0-9_-]{11})\\.(\\d{1,15})");
  private static final int BYTES = 8;

  /** The purpose of a stream. */
  public enum Kind {
    /** The stream of one request. */
    CALL('c'),
    /** A stream opened with GET. */
    PUSH('g'),
    /** The only stream of a session of 2024-11-05. */
    SSE('s');

    private final char letter;

    Kind(char letter) {
      this.letter = letter;
    }
  }

  public static StreamRef next(String session, Kind kind) {
    return new StreamRef(session, kind.letter + RandomText.base64(BYTES));
  }

  public boolean isPush() {
    return id.charAt(0) == Kind.PUSH.letter;
  }

  /** Whether it has all messages of its session, including responses. */
  boolean isSse() {
    return id.charAt(0) == Kind.SSE.letter;
  }

  /** The id of the event with that number; 0 is the priming event before the first message. */
  String event(long number) {
    return id + "." + number;
  }

  /** The position in a stream that a Last-Event-ID means. */
  record Position(StreamRef stream, long number) {}

  /** Parses a Last-Event-ID; empty if it does not have the form of our ids. */
  static Optional<Position> position(String session, String eventId) {
    var found = EVENT.matcher(eventId);
    return found.matches()
        ? Optional.of(
            new Position(new StreamRef(session, found.group(1)), Long.parseLong(found.group(2))))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return session + ":" + id;
  }
}
