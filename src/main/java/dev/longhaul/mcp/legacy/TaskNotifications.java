package dev.longhaul.mcp.legacy;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.Operations;
import dev.longhaul.intake.Refusal;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.thread.Supervised;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Sends notifications/tasks/status to a session for its tasks, on a stream that it opened with GET.
 * They are optional and clients must not rely on them, so they stop if the process that began the
 * task does.
 */
final class TaskNotifications implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TaskNotifications.class);
  private static final Supervised NOTIFIED = new Supervised("notifying sessions of tasks");

  private final LegacyTaskView view;
  private final PushStreams pushStreams;
  private final JobWatches<Key> watches;

  private record Key(String session, JobId id) {}

  TaskNotifications(Operations operations, LegacyTaskView view, PushStreams pushStreams) {
    this.watches = new JobWatches<>(operations);
    this.view = view;
    this.pushStreams = pushStreams;
  }

  /** Begins to notify a session of a task, unless the limit of watches is reached. */
  void follow(String session, Caller caller, JobId id) {
    AtomicReference<@Nullable String> lastStatus = new AtomicReference<>("working");
    try {
      watches.follow(
          new Key(session, id), caller, id, job -> notifySession(session, caller, job, lastStatus));
    } catch (IntakeException e) {
      log.debug("No status notifications are sent for task {}, which cannot be read", id, e);
    }
  }

  private void notifySession(
      String session, Caller caller, Job job, AtomicReference<@Nullable String> lastStatus) {
    try {
      // Retried while Redis is not available, since nothing else would report the end.
      NOTIFIED.untilItWorks(() -> {
        try {
          sendStatus(session, caller, job, lastStatus);
        } catch (IntakeException e) {
          if (e.refusal() instanceof Refusal.Unavailable) {
            throw e;
          }
          log.debug("A session was not notified of task {}", job.id(), e);
        }
      });
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void sendStatus(
      String session, Caller caller, Job job, AtomicReference<@Nullable String> lastStatus) {
    ObjectNode task = view.now(caller, job);
    String status = task.path("status").asString();
    if (!status.equals(lastStatus.get())) {
      pushStreams.send(session, Replies.notification("notifications/tasks/status", task));
      lastStatus.set(status);
    }
  }

  @Override
  public void close() {
    watches.close();
  }
}
