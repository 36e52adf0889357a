package dev.longhaul.testsupport.queue;

import dev.longhaul.job.JobId;
import dev.longhaul.job.JobLog;
import dev.longhaul.queue.JobQueue.Watch;
import dev.longhaul.queue.JobQueue.Watcher;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners what has changed: one after the other, in a thread of its own, so that nobody is
 * called under the store's lock or on top of his own call.
 */
final class News {
  private static final Logger log = LoggerFactory.getLogger(News.class);

  private final Map<JobId, List<Watcher>> watchers = new ConcurrentHashMap<>();
  private final List<Consumer<JobId>> onCancel = new CopyOnWriteArrayList<>();
  private final List<Consumer<JobId>> onAnswer = new CopyOnWriteArrayList<>();
  private final Queue<Runnable> pending = new ArrayDeque<>();
  private boolean telling;

  Watch watch(JobId id, Watcher watcher) {
    watchers.compute(
        id,
        (_, known) -> {
          List<Watcher> all = known == null ? new CopyOnWriteArrayList<>() : known;
          all.add(watcher);
          return all;
        });
    return () ->
        watchers.computeIfPresent(
            id,
            (_, known) -> {
              known.remove(watcher);
              return known.isEmpty() ? null : known;
            });
  }

  Watch onCancel(Consumer<JobId> listener) {
    return add(onCancel, listener);
  }

  Watch onAnswer(Consumer<JobId> listener) {
    return add(onAnswer, listener);
  }

  private static Watch add(List<Consumer<JobId>> to, Consumer<JobId> listener) {
    to.add(listener);
    return () -> to.remove(listener);
  }

  void changed(JobId id) {
    watchers.getOrDefault(id, List.of()).forEach(watcher -> tell(watcher::changed));
  }

  void cancelled(JobId id) {
    onCancel.forEach(listener -> tell(() -> listener.accept(id)));
  }

  void answered(JobId id) {
    onAnswer.forEach(listener -> tell(() -> listener.accept(id)));
  }

  /** Whether anybody was there to hear it. */
  boolean logged(JobId id, JobLog said) {
    List<Watcher> its = watchers.getOrDefault(id, List.of());
    its.forEach(watcher -> tell(() -> watcher.logged(said)));
    return !its.isEmpty();
  }

  private void tell(Runnable call) {
    synchronized (pending) {
      pending.add(call);
      if (telling) {
        return;
      }
      telling = true;
    }
    var _ = Thread.ofVirtual().name("in-memory-queue-news").start(this::tellAll);
  }

  private void tellAll() {
    while (true) {
      Runnable next;
      synchronized (pending) {
        next = pending.poll();
        if (next == null) {
          telling = false;
          return;
        }
      }
      try {
        next.run();
      } catch (RuntimeException e) {
        log.warn("A listener of the queue failed; the others are told", e);
      }
    }
  }
}
