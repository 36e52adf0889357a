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
 *   <li>{@link #virtual} and {@link #platform} start work on behalf of the calling thread and carry
 *       its {@link ThreadContext}.
 *   <li>{@link #loop}, {@link #timer} and the pools serve the whole process, so they carry no
 *       context. A task of a request is wrapped with {@link ThreadContext#carried} if it needs the
 *       context.
 * </ul>
 *
 * <p>All have the context class loader of the starting thread.
 *
 * <p>All except {@link #lasting} are daemons, which do not keep the process alive.
 */
public final class Threads {
  private static final long IDLE_SECONDS = 60;

  private Threads() {}

  /**
   * Starts a virtual thread with this thread's context. Only for Longhaul's own code that waits;
   * tools may be CPU-bound and would block all other virtual threads.
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

  /** Starts a platform thread without a context. */
  public static Thread loop(String name, Runnable loop) {
    return begin(daemon().name(name).unstarted(loop));
  }

  /** Starts a platform thread without a context that keeps the process alive. */
  public static Thread lasting(String name, Runnable loop) {
    return begin(daemon().daemon(false).name(name).unstarted(loop));
  }

  /** Runs an action when the process is asked to end, or ends. */
  public static void atExit(String name, Runnable action) {
    Runtime.getRuntime().addShutdownHook(withLoader(daemon().name(name).unstarted(action)));
  }

  /** A timer on platform threads, from which cancelled tasks are removed at once. */
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
   * @param waiting the queue for tasks while all threads are busy
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
   * A platform thread per task, reused for a minute. The caller limits how many tasks there are at
   * once.
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
   * For HTTP requests: platform threads, reused for a minute, while fewer than that number of
   * requests are in progress, virtual threads for the others. A quick call, even of a CPU-bound
   * tool, then needs no change of threads ({@link PlatformCalls}), and waiting calls can use either
   * kind.
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

  // A thread that inherits no thread-locals would have the system class loader, which in a packaged
  // application lacks the application's classes.
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
