package dev.longhaul.ops.statistics;

import dev.longhaul.catalog.OperationContext;
import dev.longhaul.catalog.ServedMethods;
import dev.longhaul.catalog.Tool;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What statistics are kept of: a method of MCP, with the tool or prompt that it names.
 *
 * @param kind how it ran
 * @param name such as {@code tools/call echo} or {@code prompts/get greeting}; at most {@value
 *     #MAX_NAME} characters, the rest is cut
 */
public record Operation(Kind kind, String name) {
  static final int MAX_NAME = 250;

  /** How an operation ran. */
  public enum Kind {
    /** In the request that asked for it. */
    INLINE,
    /** As a job; each attempt counts. */
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

  /**
   * The operation of a run. Resources are one operation: a server may have very many of them, which
   * would leave no room for tools.
   */
  static Operation of(OperationContext run) {
    return run.kind() == OperationContext.Kind.RESOURCE
        ? new Operation(kind(run), ServedMethods.READ)
        : named(run);
  }

  /** The same, with the name of the resource if the run read one. */
  public static Operation named(OperationContext run) {
    return new Operation(kind(run), name(run));
  }

  private static Kind kind(OperationContext run) {
    return run.job() ? Kind.JOB : Kind.INLINE;
  }

  /** A step of this operation. */
  Operation step(String step) {
    return new Operation(Kind.CHECKPOINT, name + "#" + step);
  }

  private static String name(OperationContext run) {
    return switch (run.kind()) {
      case TOOL -> Tool.CALL + " " + run.name();
      case RESOURCE -> ServedMethods.READ + " " + run.name();
      case PROMPT -> ServedMethods.PROMPT + " " + run.name();
      case COMPLETION -> ServedMethods.COMPLETE + " " + run.name();
      case LIST -> run.name();
    };
  }

  /** What operations of this kind are added up in of which there are too many. */
  Operation other() {
    return new Operation(kind, OTHER);
  }
}
