package dev.longhaul.thread;

/**
 * The platform threads on which the JDK runs virtual ones. There are as many as processors unless
 * the JVM is told otherwise when it starts its first virtual thread; then as many virtual threads
 * that compute are enough to keep all others from running. Longhaul runs no tool on a virtual
 * thread, but a tool may start some itself: more carriers leave room for the others, because the
 * operating system shares the processors between the carriers.
 */
public final class Carriers {
  /** The JDK's own setting. */
  public static final String PROPERTY = "jdk.virtualThreadScheduler.parallelism";

  private static final int SPARE = 6;

  private Carriers() {}

  /**
   * Asks for twice as many carriers as processors and six, unless {@link #PROPERTY} is set. To be
   * called before the first virtual thread is made; later it changes nothing.
   */
  public static void addSpare() {
    if (System.getProperty(PROPERTY) == null) {
      int processors = Runtime.getRuntime().availableProcessors();
      System.setProperty(PROPERTY, Integer.toString(2 * processors + SPARE));
    }
  }
}
