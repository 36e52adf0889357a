package dev.longhaul.thread;

/**
 * Raises the number of carrier threads, on which the JDK runs virtual threads. The default is one
 * per processor, so that as many CPU-bound virtual threads block all others. Longhaul runs no tool
 * on a virtual thread, but a tool may start some; with more carriers the operating system shares
 * the processors among them.
 */
public final class Carriers {
  /** The JDK's system property. */
  public static final String PROPERTY = "jdk.virtualThreadScheduler.parallelism";

  private static final int SPARE = 6;

  private Carriers() {}

  /**
   * Sets the number of carriers to twice the number of processors plus six, unless {@link
   * #PROPERTY} is set. Has an effect only before the first virtual thread is created.
   */
  public static void addSpare() {
    if (System.getProperty(PROPERTY) == null) {
      int processors = Runtime.getRuntime().availableProcessors();
      System.setProperty(PROPERTY, Integer.toString(2 * processors + SPARE));
    }
  }
}
