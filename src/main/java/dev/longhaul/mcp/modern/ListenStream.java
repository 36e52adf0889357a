package dev.longhaul.mcp.modern;

import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.Refusal;
import dev.longhaul.job.JobId;
import dev.longhaul.mcp.stream.Reply;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.tool.Change;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One open subscription. Others only note what has changed; its own thread writes, so a client that
 * reads slowly holds up nobody. Changes that meet are merged: a note is a set, not a list, and can
 * never outgrow what the client asked for.
 */
final class ListenStream {
  /** The key in {@code _meta} of every message on the stream. */
  static final String SUBSCRIPTION = "io.modelcontextprotocol/subscriptionId";

  private static final long RETRY_SECONDS = 1;

  private final JsonNode id;
  private final ListenFilter filter;
  private final Reply reply;
  private final Function<JobId, ObjectNode> taskView;
  private final Semaphore signals = new Semaphore(0);
  private final Set<Change> changes = new LinkedHashSet<>();
  private final Set<JobId> tasks = new LinkedHashSet<>();
  private volatile @Nullable End end;

  private enum End {
    CLIENT_GONE,
    SHUTTING_DOWN
  }

  /**
   * @param id the request's id, which names the subscription
   * @param filter what is honoured of what the client asked for
   * @param taskView what tasks/get would return for a task now
   */
  ListenStream(
      JsonNode id, ListenFilter filter, Reply reply, Function<JobId, ObjectNode> taskView) {
    this.id = id;
    this.filter = filter;
    this.reply = reply;
    this.taskView = taskView;
  }

  /** Notes a change, if the client wants to hear of it. */
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
      signals.release();
    }
  }

  /** Notes that a task may look different. */
  void note(JobId task) {
    synchronized (this) {
      tasks.add(task);
    }
    signals.release();
  }

  /** Ends the stream with a result, from this server's side. */
  void shutDown() {
    stop(End.SHUTTING_DOWN);
  }

  /** Acknowledges, then tells of changes until the client leaves or this process shuts down. */
  void serve() throws InterruptedException {
    reply.onGone(() -> stop(End.CLIENT_GONE));
    ObjectNode acknowledged = Replies.object();
    acknowledged.set("notifications", filter.json());
    send("notifications/subscriptions/acknowledged", acknowledged);
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
    if (end == End.SHUTTING_DOWN) {
      ObjectNode result = Replies.object().put("resultType", "complete");
      result.putObject("_meta").set(SUBSCRIPTION, id);
      reply.finish(200, Replies.result(id, result));
    } else {
      reply.finishSilently();
    }
  }

  /**
   * Tells of everything noted.
   *
   * @return whether all could be told; if not, it is noted again
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
        // Not lost: the last change of a task is the one that its client waits for.
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
      // Deleted or forgotten since: tasks/get would not know it either.
      return;
    }
    // What a notification carries is the task; resultType belongs to results.
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
    signals.release();
  }
}
