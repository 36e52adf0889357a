package dev.longhaul.job;

import java.util.Locale;

/** The kinds of callback jobs of a batch or chain. */
public enum FlowCallback {
  /** Started when it has completed. */
  THEN(-1),
  /** Started at the first failure of a child. */
  CATCH(-2),
  /** Started when it has ended in any way. */
  FINALLY(-3);

  /** The most callbacks of one kind of a batch or chain. */
  public static final int MOST = 10;

  private final int index;

  FlowCallback(int index) {
    this.index = index;
  }

  /** The index of the first callback of the kind in a {@link FlowRef}, which is negative. */
  public int index() {
    return index;
  }

  /**
   * The index of a callback of the kind.
   *
   * @param number its number, counted from 0
   */
  public int index(int number) {
    return index - values().length * number;
  }

  /** The name used in JSON and in Redis. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
