package dev.longhaul.mcp.legacy;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.Intake;
import dev.longhaul.intake.IntakeException;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.queue.JobQueue.Watch;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tells a session of its tasks by notifications/tasks/status, on a stream it opened with GET. A
 * courtesy of the process that began the task: clients must not rely on it, so nothing makes up for
 * a process that is gone.
 */
final class TaskFeed implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TaskFeed.class);

  /** How many tasks one process tells of. */
  private static final int MOST = 1_000;

  private final Intake intake;
  private final LegacyTaskView view;
  private final PushStreams pushStreams;
  private final Semaphore room = new Semaphore(MOST);
  private final Map<JobId, Watch> watches = new ConcurrentHashMap<>();

  TaskFeed(Intake intake, LegacyTaskView view, PushStreams pushStreams) {
    this.intake = intake;
    this.view = view;
    this.pushStreams = pushStreams;
  }

  /** Begins to tell a session of a task, if there is room. */
  void follow(String session, Caller caller, JobId id) {
    if (!room.tryAcquire()) {
      return;
    }
    AtomicReference<@Nullable String> told = new AtomicReference<>("working");
    try {
      Watch before =
          watches.put(id, intake.follow(caller, id, job -> tell(session, caller, job, told)));
      if (before != null) {
        room.release();
        before.close();
      }
    } catch (IntakeException e) {
      log.debug("Nobody is told of task {}", id, e);
      room.release();
      return;
    }
    try {
      // It may have ended before it was noted here.
      if (intake.job(caller, id).state().terminal()) {
        forget(id);
      }
    } catch (IntakeException e) {
      forget(id);
    }
  }

  private void tell(
      String session, Caller caller, Job job, AtomicReference<@Nullable String> told) {
    try {
      ObjectNode task = view.now(caller, job);
      String status = task.path("status").asString();
      if (!status.equals(told.getAndSet(status))) {
        pushStreams.send(session, Replies.notification("notifications/tasks/status", task));
      }
    } catch (IntakeException | DataAccessException e) {
      log.debug("A session was not told of task {}", job.id(), e);
    }
    if (job.state().terminal()) {
      forget(job.id());
    }
  }

  private void forget(JobId id) {
    Watch watch = watches.remove(id);
    if (watch != null) {
      room.release();
      watch.close();
    }
  }

  @Override
  public void close() {
    watches.keySet().forEach(this::forget);
  }
}
