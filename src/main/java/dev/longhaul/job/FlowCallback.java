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

  /** How many of a kind a batch or chain may have. */
  public static final int MOST = 10;

  private final int index;

  FlowCallback(int index) {
    this.index = index;
  }

  /** The place of the first of its kind as a {@link FlowRef}: below the children's. */
  public int index() {
    return index;
  }

  /**
   * The place of one of its kind.
   *
   * @param number which of them, counted from 0
   */
  public int index(int number) {
    return index - values().length * number;
  }

  /** The name used in JSON and in Redis. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
