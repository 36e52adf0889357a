package dev.longhaul.queue;

import java.util.Locale;

/** How the children of a flow follow each other. */
public enum FlowKind {
  /** All at once, in no promised order. */
  BATCH,
  /** One after the other, each when the one before has completed. */
  CHAIN;

  /** The name used in JSON and in Redis. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
