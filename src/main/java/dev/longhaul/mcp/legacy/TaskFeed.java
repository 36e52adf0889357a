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
 * Tells a session of its tasks by notifications/tasks/status, on a stream it opened with GET. A
 * courtesy of the process that began the task: clients must not rely on it, so nothing makes up for
 * a process that is gone.
 */
final class TaskFeed implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TaskFeed.class);
  private static final Supervised TOLD = new Supervised("telling sessions of tasks");

  private final LegacyTaskView view;
  private final PushStreams pushStreams;
  private final JobWatches<Told> watches;

  private record Told(String session, JobId id) {}

  TaskFeed(Operations operations, LegacyTaskView view, PushStreams pushStreams) {
    this.watches = new JobWatches<>(operations);
    this.view = view;
    this.pushStreams = pushStreams;
  }

  /** Begins to tell a session of a task, if there is room. */
  void follow(String session, Caller caller, JobId id) {
    AtomicReference<@Nullable String> told = new AtomicReference<>("working");
    try {
      watches.follow(new Told(session, id), caller, id, job -> tell(session, caller, job, told));
    } catch (IntakeException e) {
      log.debug("Nobody is told of task {}", id, e);
    }
  }

  private void tell(
      String session, Caller caller, Job job, AtomicReference<@Nullable String> told) {
    try {
      // Repeated while Redis is away, until the watch ends: the end is told by nothing else.
      TOLD.untilItWorks(() -> {
        try {
          tellNow(session, caller, job, told);
        } catch (IntakeException e) {
          if (e.refusal() instanceof Refusal.Unavailable) {
            throw e;
          }
          log.debug("A session was not told of task {}", job.id(), e);
        }
      });
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tellNow(
      String session, Caller caller, Job job, AtomicReference<@Nullable String> told) {
    ObjectNode task = view.now(caller, job);
    String status = task.path("status").asString();
    if (!status.equals(told.get())) {
      pushStreams.send(session, Replies.notification("notifications/tasks/status", task));
      told.set(status);
    }
  }

  @Override
  public void close() {
    watches.close();
  }
}
