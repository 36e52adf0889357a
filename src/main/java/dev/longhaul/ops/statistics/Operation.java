package dev.longhaul.ops.statistics;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What statistics are kept of: a method of MCP, with the tool or prompt that it names.
 *
 * @param kind how it ran
 * @param name such as {@code tools/call echo} or {@code resources/read}; at most {@value #MAX_NAME}
 *     characters, the rest is cut
 */
public record Operation(Kind kind, String name) {
  static final int MAX_NAME = 250;

  /** How an operation ran. */
  public enum Kind {
    /** In the request that asked for it. */
    INLINE,
    /** As a job, counted once at its end. */
    JOB,
    /** A step between two checkpoints of a tool. */
    CHECKPOINT;

    /** The name for clients and in the store. */
    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The kind with this name. */
    public static Optional<Kind> fromWire(String wire) {
      return Arrays.stream(values()).filter(kind -> kind.wire().equals(wire)).findFirst();
    }
  }

  /** The name under which operations are added up of which there are too many. */
  public static final String OTHER = "other";

  public Operation {
    name = name.length() <= MAX_NAME ? name : name.substring(0, MAX_NAME);
  }

  /** A call that was answered in its request. */
  public static Operation inline(String method, @Nullable String target) {
    return new Operation(Kind.INLINE, named(method, target));
  }

  /** A job. */
  public static Operation job(String method, @Nullable String target) {
    return new Operation(Kind.JOB, named(method, target));
  }

  /** A step of a tool. */
  public static Operation checkpoint(String method, @Nullable String target, String step) {
    return new Operation(Kind.CHECKPOINT, named(method, target) + "#" + step);
  }

  /** What operations of this kind are added up in of which there are too many. */
  Operation other() {
    return new Operation(kind, OTHER);
  }

  private static String named(String method, @Nullable String target) {
    return target == null ? method : method + " " + target;
  }
}
