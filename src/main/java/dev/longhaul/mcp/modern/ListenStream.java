package dev.longhaul.mcp.modern;

import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.Refusal;
import dev.longhaul.job.JobId;
import dev.longhaul.mcp.stream.Reply;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.thread.ThreadContext;
import dev.longhaul.thread.Threads;
import dev.longhaul.tool.Change;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One open subscription. Other threads only add changes, and the thread of the request writes them,
 * so a slow client blocks no other one. Pending changes are sets, so equal ones are merged and
 * memory is bounded by the filter.
 */
final class ListenStream {
  /** The key in {@code _meta} of every message on the stream. */
  static final String SUBSCRIPTION = "io.modelcontextprotocol/subscriptionId";

  private static final Logger log = LoggerFactory.getLogger(ListenStream.class);
  private static final long RETRY_SECONDS = 1;

  private final JsonNode id;
  private final ListenFilter filter;
  private final Reply reply;
  private final Function<JobId, ObjectNode> taskView;
  private final Semaphore signals = new Semaphore(0);
  private final Set<Change> changes = new LinkedHashSet<>();
  private final Set<JobId> tasks = new LinkedHashSet<>();
  // With the context of the request, not of whoever caused a change.
  private final Runnable sender = ThreadContext.carried(this::sendPending);
  private final AtomicBoolean sending = new AtomicBoolean();
  private volatile boolean detached;
  private volatile @Nullable End end;

  private enum End {
    CLIENT_GONE,
    SHUTTING_DOWN
  }

  /**
   * @param id the request's id, which identifies the subscription
   * @param filter the honoured part of the client's filter
   * @param taskView what tasks/get returns for a task
   */
  ListenStream(
      JsonNode id, ListenFilter filter, Reply reply, Function<JobId, ObjectNode> taskView) {
    this.id = id;
    this.filter = filter;
    this.reply = reply;
    this.taskView = taskView;
  }

  /** Adds a change if the filter includes it. */
  void note(Change change) {
    boolean wanted =
        switch (change) {
          case Change.Tools _ -> filter.tools();
          case Change.Prompts _ -> filter.prompts();
          case Change.Resources _ -> filter.resources();
          case Change.Resource resource -> filter.uris().contains(resource.uri());
        };
    if (wanted) {
      synchronized (this) {
        changes.add(change);
      }
      signal();
    }
  }

  /** Adds a task that may have changed. */
  void note(JobId task) {
    synchronized (this) {
      tasks.add(task);
    }
    signal();
  }

  /** Waits until the stream, if it is detached, has ended. */
  void awaitDetachedEnd(Duration limit) throws InterruptedException {
    CountDownLatch ended = new CountDownLatch(1);
    if (reply.whenDetachedEnds(ended::countDown)) {
      var _ = ended.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  /** Ends the stream with a result because this process shuts down. */
  void shutDown() {
    stop(End.SHUTTING_DOWN);
  }

  /**
   * Acknowledges, then sends changes until the client disconnects or this process shuts down. If
   * the stream can be detached from its request, it goes on after the return, and only while there
   * is something to send it has a thread.
   *
   * @param ended called when a stream that goes on has ended
   * @return whether it goes on
   */
  boolean serve(Runnable ended) throws InterruptedException {
    reply.onGone(() -> stop(End.CLIENT_GONE));
    ObjectNode acknowledged = Replies.object();
    acknowledged.set("notifications", filter.json());
    send("notifications/subscriptions/acknowledged", acknowledged);
    if (reply.detach()) {
      detached = true;
      var _ = reply.whenDetachedEnds(ended);
      signal();
      return true;
    }
    boolean all = true;
    while (end == null) {
      if (all) {
        signals.acquire();
      } else {
        var _ = signals.tryAcquire(RETRY_SECONDS, TimeUnit.SECONDS);
      }
      signals.drainPermits();
      all = flush();
    }
    finish();
    return false;
  }

  private void signal() {
    signals.release();
    if (detached && sending.compareAndSet(false, true)) {
      var _ = Threads.virtual("longhaul-mcp-listen", sender);
    }
  }

  private void sendPending() {
    do {
      boolean all = false;
      try {
        while (end == null && !(all && signals.availablePermits() == 0)) {
          signals.drainPermits();
          all = flush();
          if (!all) {
            var _ = signals.tryAcquire(RETRY_SECONDS, TimeUnit.SECONDS);
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException e) {
        log.warn("A subscription ends early; its client has to listen again", e);
        stop(End.CLIENT_GONE);
      } finally {
        sending.set(false);
      }
      if (end != null) {
        finish();
        return;
      }
      // Signalled after the last look and before sending was set back.
    } while (signals.availablePermits() > 0 && sending.compareAndSet(false, true));
  }

  private void finish() {
    if (end == End.SHUTTING_DOWN) {
      ObjectNode result = Replies.object().put("resultType", "complete");
      result.putObject("_meta").set(SUBSCRIPTION, id);
      reply.finish(200, Replies.result(id, result));
    } else {
      reply.finishSilently();
    }
  }

  /**
   * Sends all pending changes.
   *
   * @return false if some tasks could not be read; these stay pending
   */
  private boolean flush() {
    List<Change> changed;
    List<JobId> moved;
    synchronized (this) {
      changed = List.copyOf(changes);
      moved = List.copyOf(tasks);
      changes.clear();
      tasks.clear();
    }
    changed.forEach(this::tell);
    for (int i = 0; i < moved.size() && end == null; i++) {
      try {
        tell(moved.get(i));
      } catch (IntakeException e) {
        e.unless(Refusal.Unavailable.class);
        // Kept, because the last change of a task is the one that its client waits for.
        synchronized (this) {
          tasks.addAll(moved.subList(i, moved.size()));
        }
        return false;
      }
    }
    return true;
  }

  private void tell(Change change) {
    switch (change) {
      case Change.Tools _ -> send("notifications/tools/list_changed", Replies.object());
      case Change.Prompts _ -> send("notifications/prompts/list_changed", Replies.object());
      case Change.Resources _ -> send("notifications/resources/list_changed", Replies.object());
      case Change.Resource resource ->
          send("notifications/resources/updated", Replies.object().put("uri", resource.uri()));
    }
  }

  private void tell(JobId task) {
    ObjectNode view;
    try {
      view = taskView.apply(task);
    } catch (IntakeException e) {
      e.unless(Refusal.UnknownJob.class, Refusal.ResultExpired.class);
      // Deleted or expired since: tasks/get would not find it either.
      return;
    }
    // A notification carries the task without the fields of a result.
    view.remove("resultType");
    view.remove("_meta");
    send("notifications/tasks", view);
  }

  private void send(String method, ObjectNode params) {
    params.putObject("_meta").set(SUBSCRIPTION, id);
    reply.send(Replies.notification(method, params));
  }

  private void stop(End reason) {
    synchronized (this) {
      if (end == null) {
        end = reason;
      }
    }
    signal();
  }
}
