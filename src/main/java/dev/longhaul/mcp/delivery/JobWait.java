package dev.longhaul.mcp.delivery;

import dev.longhaul.intake.Operations;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobLog;
import dev.longhaul.job.JobState;
import dev.longhaul.job.OpenQuestion;
import dev.longhaul.job.Outcome;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.tool.Question;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Waits for a job on behalf of one client and sends it the progress and questions meanwhile. */
final class JobWait {
  /** The pause before questions that could not be sent are sent again. */
  private static final Duration RETRY_DELAY = Duration.ofMillis(250);

  private final Operations operations;
  private final OpenCalls openCalls;
  private final Duration trackedAfter;

  /**
   * @param trackedAfter after how long a wait is reported as long-running to its tracker
   */
  JobWait(Operations operations, OpenCalls openCalls, Duration trackedAfter) {
    this.operations = operations;
    this.openCalls = openCalls;
    this.trackedAfter = trackedAfter;
  }

  /**
   * Waits until the job has ended, the limit has passed, or the wait is stopped.
   *
   * @param limit the longest wait
   * @param tracker learns that the wait is long, and that the connection is lost
   */
  WaitEnd until(Call call, JobId id, Duration limit, ProgressFeed progress, CallTracker tracker)
      throws InterruptedException {
    Wait wait = call.waiting();
    long begin = System.nanoTime();
    long end = begin + limit.toNanos();
    boolean longRunning = false;
    call.reply().onGone(() -> wait.stop(WaitEnd.CLIENT_GONE));
    call.reply().onLost(tracker::connectionLost);
    call.reply().onTakenOver(() -> wait.stop(WaitEnd.TAKEN_OVER));
    openCalls.add(wait);
    int asked = -1;
    Drain.@Nullable HeldJob drained = null;
    try (var _ = operations.follow(call.caller(), id, listener(call))) {
      while (true) {
        Duration pauseLimit = limit;
        Job job = wait.latest();
        if (job != null) {
          // Also of an ended job: its last progress arrives with its end.
          progress.report(job.progress());
        }
        if (job != null && job.state().terminal()) {
          return WaitEnd.FINISHED;
        }
        if (job != null && job.state() == JobState.INPUT_REQUIRED && job.questions() != asked) {
          List<OpenQuestion> all = operations.questions(call.caller(), id);
          List<OpenQuestion> open = all.stream().filter(each -> isFor(call, each)).toList();
          if (!all.isEmpty() && open.isEmpty()) {
            asked = job.questions(); // somebody answers them over REST
          }
          if (!open.isEmpty() && call.questioner() == null) {
            return WaitEnd.INPUT_REQUIRED;
          }
          if (!open.isEmpty() && call.questioner() != null) {
            if (call.questioner().ask(id, open)) {
              asked = job.questions();
            } else {
              pauseLimit = RETRY_DELAY;
            }
          }
        }
        WaitEnd stopped = wait.stopped();
        if (stopped != null) {
          return stopped;
        }
        long now = System.nanoTime();
        Duration pause =
            Duration.ofNanos(
                (longRunning ? end : Math.min(end, begin + trackedAfter.toNanos())) - now);
        pause = pause.compareTo(pauseLimit) < 0 ? pause : pauseLimit;
        Drain drain = openCalls.draining();
        if (drain != null) {
          drained = drained == null ? drain.new HeldJob(id) : drained;
          if (drained.mustHandOver(job, now)) {
            return WaitEnd.SHUTTING_DOWN;
          }
          pause = pause.compareTo(Drain.CHECK_INTERVAL) < 0 ? pause : Drain.CHECK_INTERVAL;
        }
        if (!wait.await(pause)) {
          long later = System.nanoTime();
          if (later - end >= 0) {
            return WaitEnd.TIME_OVER;
          }
          if (!longRunning && later - begin >= trackedAfter.toNanos()) {
            longRunning = true;
            tracker.longRunning();
          }
        }
      }
    } finally {
      openCalls.remove(wait);
    }
  }

  private static boolean isFor(Call call, OpenQuestion question) {
    return call.sender()
            .client()
            .missingFor(new Question(null, question.method(), Json.object(question.params())))
        == null;
  }

  private static Operations.Follower listener(Call call) {
    LogFeed logs = new LogFeed(call.sender().client().logLevel(), call.reply());
    return new Operations.Follower() {
      @Override
      public void changed(Job job) {
        call.waiting().saw(job);
      }

      @Override
      public void ended(Job job, Outcome outcome) {
        call.waiting().saw(job, outcome);
      }

      @Override
      public boolean quick() {
        return true;
      }

      @Override
      public void logged(JobLog said) {
        logs.send(said);
      }
    };
  }
}
