package dev.longhaul.rest;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.Operations;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.context.SmartLifecycle;

/** Lets requests wait for jobs, and ends their waiting when the application stops. */
final class JobFeeds implements SmartLifecycle {
  private final Operations operations;
  private final Set<JobFeed> open = ConcurrentHashMap.newKeySet();
  private volatile boolean running;
  private volatile boolean stopped;

  JobFeeds(Operations operations) {
    this.operations = operations;
  }

  /** Follows a job: the feed gets its present version and every change. */
  JobFeed open(Caller caller, JobId id) {
    JobFeed feed = new JobFeed(open::remove);
    feed.fedBy(operations.follow(caller, id, feed::offer));
    open.add(feed);
    if (stopped) {
      feed.end();
    }
    return feed;
  }

  /** Waits for the end of a job, and returns the job as it is then or when the time is over. */
  Job await(Caller caller, JobId id, Duration wait) throws InterruptedException {
    long deadline = System.nanoTime() + wait.toNanos();
    try (JobFeed feed = open(caller, id)) {
      while (true) {
        Job job = feed.next(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        if (job == null) {
          return operations.job(caller, id);
        }
        if (job.state().terminal()) {
          return job;
        }
      }
    }
  }

  @Override
  public void start() {
    running = true;
    stopped = false; // a paused context starts again
  }

  @Override
  public void stop() {
    running = false;
    stopped = true;
    open.forEach(JobFeed::end);
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Stops after the worker, so that its last results still arrive, and before the web server. */
  @Override
  public int getPhase() {
    return Integer.MAX_VALUE - 2;
  }
}
