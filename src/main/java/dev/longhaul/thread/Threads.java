package dev.longhaul.thread;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The only class that starts threads.
 *
 * <ul>
 *   <li>{@link #virtual} and {@link #platform} start work on behalf of what the calling thread
 *       does, and carry its {@link ThreadContext}.
 *   <li>{@link #loop}, {@link #timer} and the pools are of the house itself: they outlive whoever
 *       happened to start them, so they carry nothing. A task that a request hands to one of them
 *       is wrapped with {@link ThreadContext#carried} where it needs the context.
 * </ul>
 *
 * <p>All have the context class loader of the thread that starts them.
 *
 * <p>All but {@link #lasting} are daemons: they do not keep the process from ending.
 */
public final class Threads {
  private static final long IDLE_SECONDS = 60;

  private Threads() {}

  /**
   * Starts a virtual thread with this thread's context. For our own code that waits; never for a
   * tool's, which may compute and so keep every other virtual thread from running.
   */
  public static Thread virtual(String name, Runnable task) {
    return begin(
        Thread.ofVirtual()
            .name(name)
            .inheritInheritableThreadLocals(false)
            .unstarted(ThreadContext.carried(task)));
  }

  /** Starts a platform thread with this thread's context. */
  public static Thread platform(String name, Runnable task) {
    return begin(daemon().name(name).unstarted(ThreadContext.carried(task)));
  }

  /** Starts a platform thread that carries nothing. */
  public static Thread loop(String name, Runnable loop) {
    return begin(daemon().name(name).unstarted(loop));
  }

  /** The same, but the process does not end before the loop does. */
  public static Thread lasting(String name, Runnable loop) {
    return begin(daemon().daemon(false).name(name).unstarted(loop));
  }

  /** A timer on platform threads; what is cancelled is forgotten at once. */
  public static ScheduledThreadPoolExecutor timer(String name, int threads) {
    var timer =
        new ScheduledThreadPoolExecutor(
            threads, threads == 1 ? loading(daemon().name(name).factory()) : numbered(name));
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }

  /**
   * A fixed number of platform threads, each started when it is needed and ended after a minute
   * without work.
   *
   * @param waiting where tasks wait while all threads are busy
   */
  public static ThreadPoolExecutor fixed(
      String name, int threads, BlockingQueue<Runnable> waiting) {
    var pool =
        new ThreadPoolExecutor(
            threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, waiting, numbered(name));
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /**
   * A platform thread for each task, kept a minute for the next one. Whoever uses it bounds how
   * many tasks there are at once.
   */
  public static ThreadPoolExecutor reused(String name) {
    return new ThreadPoolExecutor(
        0,
        Integer.MAX_VALUE,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        numbered(name));
  }

  /**
   * For requests of whoever asks from outside: on a platform thread each while fewer than a number
   * of them are in progress, kept a minute for the next one; the others on virtual threads. What is
   * answered at once, also by a tool that computes, then needs no change of threads at all ({@link
   * PlatformCalls}), and what waits may do so on either.
   */
  public static ThreadPoolExecutor requests(String name, int platform) {
    ThreadFactory virtual =
        loading(
            Thread.ofVirtual()
                .name(name + "-virtual")
                .inheritInheritableThreadLocals(false)
                .factory());
    AtomicLong started = new AtomicLong();
    return new ThreadPoolExecutor(
        0,
        platform,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        loading(request -> new RequestThread(request, name + "-" + started.getAndIncrement())),
        (request, _) -> virtual.newThread(request).start());
  }

  /** Whether the calling thread is a platform thread of {@link #requests}. */
  public static boolean servesRequests() {
    return Thread.currentThread() instanceof RequestThread;
  }

  private static ThreadFactory numbered(String name) {
    return loading(daemon().name(name + "-", 0).factory());
  }

  // What inherits no thread-locals has the system's class loader, which in a packaged application
  // knows none of its classes and services.
  private static ThreadFactory loading(ThreadFactory factory) {
    return task -> withLoader(factory.newThread(task));
  }

  private static Thread begin(Thread thread) {
    withLoader(thread).start();
    return thread;
  }

  private static Thread withLoader(Thread thread) {
    thread.setContextClassLoader(Thread.currentThread().getContextClassLoader());
    return thread;
  }

  private static Thread.Builder.OfPlatform daemon() {
    return Thread.ofPlatform().daemon().inheritInheritableThreadLocals(false);
  }
}
