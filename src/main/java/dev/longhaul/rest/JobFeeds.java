package dev.longhaul.rest;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.Operations;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.context.SmartLifecycle;

/** The requests that wait for jobs. They end when the application stops, so that it can. */
final class JobFeeds implements SmartLifecycle {
  private final Operations operations;
  private final Set<JobFeed> open = ConcurrentHashMap.newKeySet();
  private volatile boolean running;
  private volatile boolean stopped;

  JobFeeds(Operations operations) {
    this.operations = operations;
  }

  /** Follows a job; the feed gets it as it is now, and then every change. */
  JobFeed open(Caller caller, JobId id) {
    JobFeed feed = new JobFeed(open::remove);
    feed.fedBy(operations.follow(caller, id, feed::offer));
    open.add(feed);
    if (stopped) {
      feed.end();
    }
    return feed;
  }

  /** The job at its end, or as it is when the wait is over or the application stops. */
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

  /** After the worker has drained, so that its last results are still seen; before the server. */
  @Override
  public int getPhase() {
    return Integer.MAX_VALUE - 2;
  }
}
