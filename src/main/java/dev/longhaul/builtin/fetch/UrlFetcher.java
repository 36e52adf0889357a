package dev.longhaul.builtin.fetch;

import dev.longhaul.outbound.AddressGuard;
import dev.longhaul.outbound.GuardedResolver;
import dev.longhaul.outbound.HostResolver;
import dev.longhaul.outbound.OutboundClient;
import dev.longhaul.thread.SideThreads;
import dev.longhaul.thread.Threads;
import dev.longhaul.tool.JobContext;
import io.micrometer.observation.ObservationRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Fetches many URLs at once, each with a separate time limit. Runs on platform threads, because
 * decompression uses the CPU. Each call has separate connections, so that callers share no state.
 */
public final class UrlFetcher {
  private static final long CHECK_MILLIS = 500;

  private final GuardedResolver resolver;
  private final FetchLimits limits;
  private final ObservationRegistry observations;

  public UrlFetcher(
      HostResolver hosts,
      AddressGuard guard,
      boolean allowPrivate,
      FetchLimits limits,
      ObservationRegistry observations) {
    this.resolver = new GuardedResolver(hosts, guard, _ -> allowPrivate);
    this.limits = limits;
    this.observations = observations;
  }

  /**
   * Fetches the URLs.
   *
   * @param maxConcurrent the maximum number of concurrent fetches
   * @param timeoutSeconds the time limit of each, from its start to the end of its body, including
   *     redirects
   * @return one outcome for each URL, in order; fewer only if the watch requested a stop
   */
  public List<UrlOutcome> fetch(
      List<String> urls, int maxConcurrent, int timeoutSeconds, FetchWatch watch)
      throws IOException {
    try (CloseableHttpClient client = client(maxConcurrent, timeoutSeconds);
        ScheduledExecutorService deadlines = Threads.timer("fetch-deadlines", 1)) {
      Run run = new Run(client, deadlines, urls, maxConcurrent, timeoutSeconds);
      try {
        return run.follow(watch);
      } finally {
        run.stop();
        deadlines.shutdownNow();
      }
    }
  }

  private CloseableHttpClient client(int maxConcurrent, int timeoutSeconds) {
    // Body decompresses itself, to limit the decompressed size.
    return OutboundClient.builder(
            resolver,
            maxConcurrent,
            Timeout.ofSeconds(timeoutSeconds),
            "longhaul-fetch_urls",
            observations)
        .setDefaultHeaders(List.of(new BasicHeader("Accept-Encoding", "gzip, deflate")))
        .build();
  }

  private record Done(int index, UrlOutcome outcome) {}

  /** The fetches of one call. */
  private final class Run {
    private final ScheduledExecutorService deadlines;
    private final int timeoutSeconds;
    private final List<UrlFetch> fetches = new ArrayList<>();
    private final BlockingQueue<Done> done = new LinkedBlockingQueue<>();
    private final List<SideThreads.Piece> workers = new ArrayList<>();
    private final int atOnce;
    private final AtomicInteger next = new AtomicInteger();
    private volatile boolean stopped;

    Run(
        CloseableHttpClient client,
        ScheduledExecutorService deadlines,
        List<String> urls,
        int maxConcurrent,
        int timeoutSeconds) {
      this.deadlines = deadlines;
      this.timeoutSeconds = timeoutSeconds;
      this.atOnce = Math.min(maxConcurrent, urls.size());
      AtomicLong budget = new AtomicLong(limits.maxTotal());
      urls.forEach(
          url -> fetches.add(new UrlFetch(client, url, timeoutSeconds, limits.maxBody(), budget)));
    }

    List<UrlOutcome> follow(FetchWatch watch) {
      Runnable work = JobContext.wrap(this::work);
      for (int i = 0; i < atOnce; i++) {
        SideThreads.permit(i == 0).ifPresent(place -> workers.add(place.start(work)));
      }
      Map<Integer, UrlOutcome> outcomes = new TreeMap<>();
      while (outcomes.size() < fetches.size()) {
        Done next = next(watch);
        if (next == null) {
          stop();
          List<UrlOutcome> soFar = List.copyOf(outcomes.values());
          watch.stopped(soFar, fetches.size());
          return soFar;
        }
        outcomes.put(next.index(), next.outcome());
        watch.finished(List.copyOf(outcomes.values()), fetches.size());
      }
      return List.copyOf(outcomes.values());
    }

    // An interrupt means that the call was cancelled; the periodic check is for a lost interrupt.
    private @Nullable Done next(FetchWatch watch) {
      try {
        while (!watch.stopRequested()) {
          Done next = done.poll(CHECK_MILLIS, TimeUnit.MILLISECONDS);
          if (next != null) {
            return next;
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return null;
    }

    private void work() {
      for (int i = next.getAndIncrement(); i < fetches.size(); i = next.getAndIncrement()) {
        if (stopped || Thread.currentThread().isInterrupted()) {
          return;
        }
        fetch(i);
      }
    }

    private void fetch(int index) {
      UrlFetch fetch = fetches.get(index);
      // The first of fetch and deadline reports the outcome: a DNS lookup cannot be cancelled, so
      // the deadline does not wait for it.
      AtomicBoolean reported = new AtomicBoolean();
      ScheduledFuture<?> deadline =
          deadlines.schedule(
              () -> {
                if (reported.compareAndSet(false, true)) {
                  done.add(new Done(index, fetch.timedOut()));
                }
                fetch.cancel();
              },
              timeoutSeconds,
              TimeUnit.SECONDS);
      try {
        UrlOutcome outcome = fetch.run();
        if (reported.compareAndSet(false, true)) {
          done.add(new Done(index, outcome));
        }
      } finally {
        deadline.cancel(false);
      }
    }

    void stop() {
      stopped = true;
      workers.forEach(worker -> worker.cancel(true));
      fetches.forEach(UrlFetch::cancel);
    }
  }
}
