package dev.longhaul.mcp.delivery;

import dev.longhaul.intake.Operations;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobLog;
import dev.longhaul.job.JobState;
import dev.longhaul.job.OpenQuestion;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Waits for a job on behalf of one client, and shows it the progress meanwhile. */
final class JobWait {
  /** Before a question that could not be passed on is tried again. */
  private static final Duration OUTAGE = Duration.ofMillis(250);

  private final Operations operations;
  private final OpenCalls openCalls;
  private final Duration lasts;

  /**
   * @param lasts from when on a wait is one that lasts
   */
  JobWait(Operations operations, OpenCalls openCalls, Duration lasts) {
    this.operations = operations;
    this.openCalls = openCalls;
    this.lasts = lasts;
  }

  /**
   * Waits until the job has ended, the time is over, or someone stops the wait.
   *
   * @param limit how long at most
   * @param holding told when the wait lasts, and when the connection is lost
   */
  WaitEnd until(Call call, JobId id, Duration limit, ProgressFeed progress, Holding holding)
      throws InterruptedException {
    Wait wait = call.waiting();
    long begin = System.nanoTime();
    long end = begin + limit.toNanos();
    boolean lasting = false;
    call.reply().onGone(() -> wait.stop(WaitEnd.CLIENT_GONE));
    call.reply().onLost(holding::lost);
    call.reply().onTakenOver(() -> wait.stop(WaitEnd.TAKEN_OVER));
    openCalls.add(wait);
    int asked = -1;
    Drain.@Nullable Follower drained = null;
    try (var _ = operations.follow(call.caller(), id, follower(call))) {
      while (true) {
        Duration pauseLimit = limit;
        Job job = wait.latest();
        if (job != null) {
          progress.report(job.progress()); // also of one that has ended: the last comes with that
        }
        if (job != null && job.state().terminal()) {
          return WaitEnd.FINISHED;
        }
        if (job != null && job.state() == JobState.INPUT_REQUIRED && job.questions() != asked) {
          List<OpenQuestion> open = operations.questions(call.caller(), id);
          if (!open.isEmpty() && call.questioner() == null) {
            return WaitEnd.INPUT_REQUIRED;
          }
          if (!open.isEmpty() && call.questioner() != null) {
            if (call.questioner().ask(id, open)) {
              asked = job.questions();
            } else {
              pauseLimit = OUTAGE;
            }
          }
        }
        WaitEnd stopped = wait.stopped();
        if (stopped != null) {
          return stopped;
        }
        long now = System.nanoTime();
        Duration pause =
            Duration.ofNanos((lasting ? end : Math.min(end, begin + lasts.toNanos())) - now);
        pause = pause.compareTo(pauseLimit) < 0 ? pause : pauseLimit;
        Drain drain = openCalls.draining();
        if (drain != null) {
          drained = drained == null ? drain.new Follower(id) : drained;
          if (drained.handsOver(job, now)) {
            return WaitEnd.SHUTTING_DOWN;
          }
          pause = pause.compareTo(Drain.LOOK) < 0 ? pause : Drain.LOOK;
        }
        if (!wait.await(pause)) {
          long later = System.nanoTime();
          if (later - end >= 0) {
            return WaitEnd.TIME_OVER;
          }
          if (!lasting && later - begin >= lasts.toNanos()) {
            lasting = true;
            holding.lasts();
          }
        }
      }
    } finally {
      openCalls.remove(wait);
    }
  }

  private static Operations.Follower follower(Call call) {
    LogFeed logs = new LogFeed(call.client().logLevel(), call.reply());
    return new Operations.Follower() {
      @Override
      public void changed(Job job) {
        call.waiting().saw(job);
      }

      @Override
      public void logged(JobLog said) {
        logs.send(said);
      }
    };
  }
}
