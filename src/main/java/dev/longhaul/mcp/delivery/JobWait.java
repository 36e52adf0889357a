package dev.longhaul.mcp.delivery;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.Intake;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.mcp.stream.Reply;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Waits for a job on behalf of one client, and shows it the progress meanwhile. */
final class JobWait {
  private final Intake intake;
  private final OpenCalls openCalls;

  JobWait(Intake intake, OpenCalls openCalls) {
    this.intake = intake;
    this.openCalls = openCalls;
  }

  /**
   * Waits until the job has ended, the time is over, or someone stops the wait.
   *
   * @param limit how long at most
   */
  WaitEnd until(
      Caller caller, JobId id, Duration limit, Wait wait, ProgressFeed progress, Reply reply)
      throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    AtomicReference<@Nullable Job> latest = new AtomicReference<>();
    reply.onGone(() -> wait.stop(WaitEnd.CLIENT_GONE));
    openCalls.add(wait);
    try (var _ =
        intake.follow(
            caller,
            id,
            job -> {
              latest.set(job);
              wait.wake();
            })) {
      while (true) {
        Job job = latest.get();
        if (job != null && job.state().terminal()) {
          return WaitEnd.FINISHED;
        }
        if (job != null) {
          progress.report(job.progress());
        }
        WaitEnd stopped = wait.stopped();
        if (stopped != null) {
          return stopped;
        }
        if (!wait.await(Duration.ofNanos(end - System.nanoTime()))) {
          return WaitEnd.TIME_OVER;
        }
      }
    } finally {
      openCalls.remove(wait);
    }
  }
}
