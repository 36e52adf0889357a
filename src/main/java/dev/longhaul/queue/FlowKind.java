package dev.longhaul.queue;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How the children of a flow follow each other. */
public enum FlowKind {
  /** All children are started at once, in no guaranteed order. */
  BATCH,
  /** Each child is started when the previous one has completed. */
  CHAIN;

  /** The kind that a call of this tool begins; empty for another tool. */
  public static Optional<FlowKind> begunBy(@Nullable String tool) {
    return Arrays.stream(values()).filter(kind -> kind.tool().equals(tool)).findFirst();
  }

  /** The tool whose calls begin one. */
  public String tool() {
    return "run_" + wire();
  }

  /** The name used in JSON and in Redis. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
