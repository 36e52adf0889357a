package dev.longhaul.mcp.legacy;

import dev.longhaul.job.RandomText;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Names an event stream within its session. A client that knows a stream's id of one session has
 * nothing in another: the session is part of every key.
 *
 * @param id one letter for the kind and 66 random bits, URL-safe
 */
public record StreamRef(String session, String id) {
  private static final Pattern EVENT = Pattern.compile("([cgs][A-Za-z0-9_-]{11})\\.(\\d{1,15})");
  private static final int BYTES = 8;

  /** What a stream is there for. */
  public enum Kind {
    /** The stream of one request. */
    CALL('c'),
    /** A stream opened with GET. */
    PUSH('g'),
    /** The one stream of a session of 2024-11-05. */
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

  /** Whether everything that concerns its session goes here, also each answer. */
  boolean isSse() {
    return id.charAt(0) == Kind.SSE.letter;
  }

  /** The id of the event of that number; 0 is the one before any message. */
  String event(long number) {
    return id + "." + number;
  }

  /** An event of a stream, as Last-Event-ID names it. */
  record Position(StreamRef stream, long number) {}

  /** Reads a Last-Event-ID; empty if it is none of ours. */
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
