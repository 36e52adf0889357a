package dev.longhaul.queue;

import java.util.Locale;

/** How the children of a flow follow each other. */
public enum FlowKind {
  /** All children are started at once, in no guaranteed order. */
  BATCH,
  /** Each child is started when the previous one has completed. */
  CHAIN;

  /** The name used in JSON and in Redis. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
