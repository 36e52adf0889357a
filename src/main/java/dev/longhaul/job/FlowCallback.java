package dev.longhaul.job;

import java.util.Locale;

/** A job that a batch or chain starts when something becomes of it. */
public enum FlowCallback {
  /** It completed. */
  THEN(-1),
  /** One of its children failed, the first time that this happens. */
  CATCH(-2),
  /** It ended, however that was. */
  FINALLY(-3);

  private final int index;

  FlowCallback(int index) {
    this.index = index;
  }

  /** Its place as a {@link FlowRef}: below the children's, which count from 0. */
  public int index() {
    return index;
  }

  /** The name used in JSON and in Redis. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
