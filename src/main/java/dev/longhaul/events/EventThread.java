package dev.longhaul.events;

import dev.longhaul.thread.Threads;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;

/** The thread that calls listeners of events, so that they do not delay claims or requests. */
public final class EventThread implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EventThread.class);

  /**
   * How many events may wait for slow listeners; further ones are dropped and counted in the log.
   */
  private static final int WAITING = 10_000;

  private static final long LAST_WORDS_SECONDS = 5;

  private final ApplicationEventPublisher events;
  private final AtomicLong dropped = new AtomicLong();
  private final ThreadPoolExecutor thread;

  EventThread(ApplicationEventPublisher events) {
    this.events = events;
    this.thread = Threads.fixed("longhaul-events", 1, new LinkedBlockingQueue<>(WAITING));
    thread.setRejectedExecutionHandler((_, _) -> drop());
  }

  /** Publishes an event soon, without waiting for its listeners. */
  public void publish(SlowOperation event) {
    execute(() -> {
      try {
        events.publishEvent(event);
      } catch (RuntimeException | Error e) { // of a listener
        log.warn("The event of a slow {} did not reach every listener", event.operation(), e);
      }
    });
  }

  void execute(Runnable task) {
    thread.execute(task);
  }

  private void drop() {
    long count = dropped.incrementAndGet();
    if (count == 1 || count % 1_000 == 0) {
      log.warn(
          "Listeners of events are too slow: {} events were dropped since the start. Make the"
              + " listeners quicker, or let them hand their work on (@Async)",
          count);
    }
  }

  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(LAST_WORDS_SECONDS, TimeUnit.SECONDS)) {
        log.warn("{} events were not published before the stop", thread.getQueue().size());
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
