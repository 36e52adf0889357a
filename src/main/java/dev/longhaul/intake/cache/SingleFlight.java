package dev.longhaul.intake.cache;

import dev.longhaul.intake.CallIntake.InlineListener;
import dev.longhaul.intake.Inlined;
import dev.longhaul.intake.cache.CacheStatistics.Event;
import dev.longhaul.intake.cache.CacheableCalls.CacheableCall;
import dev.longhaul.job.CacheKey;
import dev.longhaul.job.CacheRun;
import dev.longhaul.job.JobLog;
import dev.longhaul.job.Outcome;
import dev.longhaul.queue.CacheStore.Begin;
import dev.longhaul.queue.CacheStore.CachedResult;
import dev.longhaul.queue.CacheStore.Invalidation;
import dev.longhaul.tool.Question;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Lets only one of several equal concurrent inline calls in this process run, and caches its
 * result.
 */
final class SingleFlight {
  private static final Logger log = LoggerFactory.getLogger(SingleFlight.class);

  private final Map<FlightKey, Flight> flights = new ConcurrentHashMap<>();
  private final CachedResults results;

  private record FlightKey(CacheKey key, String flight) {}

  SingleFlight(CachedResults results) {
    this.results = results;
  }

  /**
   * Runs a call, or waits for the run of an equal one.
   *
   * @param noCache whether to use neither a cached result nor a run that began before
   * @param work runs the call and reports to the given listener
   */
  Inlined run(
      CacheableCall call,
      boolean noCache,
      InlineListener listener,
      Function<InlineListener, Inlined> work) {
    FlightKey key = new FlightKey(call.key(), call.flight());
    Flight own = new Flight(listener);
    if (noCache) {
      flights.put(key, own);
    }
    Flight other = noCache ? null : flights.putIfAbsent(key, own);
    while (other != null) {
      if (other.join(listener)) {
        results.count(call, Event.SHARED);
        Optional<Inlined> end = other.await(listener);
        return end.isPresent() ? end.get() : work.apply(listener);
      }
      flights.remove(key, other);
      other = flights.putIfAbsent(key, own);
    }
    try {
      Inlined end = runOrFind(call, noCache, own, work);
      // The result is already cached, so a call that does not find the flight finds the result.
      flights.remove(key, own);
      own.end.complete(Optional.of(end));
      return end;
    } catch (RuntimeException | Error e) {
      flights.remove(key, own);
      own.end.completeExceptionally(e);
      throw e;
    }
  }

  private Inlined runOrFind(
      CacheableCall call, boolean noCache, Flight own, Function<InlineListener, Inlined> work) {
    Begin begin = results.begin(call, noCache);
    if (begin instanceof Begin.Hit(CachedResult cached)) {
      results.count(call, Event.REDIS_HIT);
      return new Inlined.Ended(results.marked(cached));
    }
    results.count(call, Event.MISS);
    if (!(begin instanceof Begin.Running(CacheRun run, boolean _))) {
      return work.apply(own);
    }
    Outcome cacheable = null;
    try {
      Inlined end = work.apply(own);
      if (end instanceof Inlined.Ended(Outcome outcome) && !own.asked) {
        cacheable = outcome;
      }
      return end;
    } finally {
      results.end(run, cacheable, null);
    }
  }

  /** From now on, calls do not join a run that began before. */
  void invalidate(Invalidation what) {
    flights.keySet().removeIf(key -> what.covers(key.key()));
  }

  /**
   * One run and the calls that wait for it. It runs in the thread of the first call. All calls
   * receive its reports, and it is cancelled only when the clients of all calls have disconnected.
   * If it asks its client, only the first call continues with it, and the others run separately.
   */
  @SuppressWarnings("ReferenceEquality") // one call's listener may equal another's
  static final class Flight implements InlineListener {
    private static final Inlined DISCONNECTED = new Inlined.Ended(new Outcome.Cancelled(null));

    /** How often a waiting call checks whether its client has disconnected. */
    private static final long LOOK_MILLIS = 250;

    /** The end of the run; empty if each waiting call must run separately. */
    final CompletableFuture<Optional<Inlined>> end = new CompletableFuture<>();

    private final InlineListener first;
    private final List<InlineListener> waiting = new CopyOnWriteArrayList<>();
    private volatile boolean asked;

    Flight(InlineListener first) {
      this.first = first;
      waiting.add(first);
    }

    /** Adds a call to those that wait; false if the run has already ended. */
    boolean join(InlineListener listener) {
      waiting.add(listener);
      if (end.isDone()) {
        leave(listener);
        return false;
      }
      return true;
    }

    private void leave(InlineListener listener) {
      waiting.removeIf(one -> one == listener);
    }

    /**
     * Waits until the run has ended or this call's client has disconnected.
     *
     * @return the end of the run; empty if the call must run separately
     */
    Optional<Inlined> await(InlineListener listener) {
      try {
        while (true) {
          try {
            // The run is cancelled when all clients have left, but this call may have joined after
            // that.
            return end.get(LOOK_MILLIS, TimeUnit.MILLISECONDS)
                .filter(how -> !isCancelled(how) || listener.cancelled());
          } catch (TimeoutException e) {
            if (listener.cancelled()) {
              return Optional.of(DISCONNECTED);
            }
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Optional.of(DISCONNECTED);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RuntimeException failure) {
          throw failure;
        }
        throw new IllegalStateException("The run of an equal call failed", e.getCause());
      } finally {
        leave(listener);
      }
    }

    private static boolean isCancelled(Inlined how) {
      return how instanceof Inlined.Ended(Outcome.Cancelled _);
    }

    @Override
    public void progress(double progress, @Nullable Double total, @Nullable String message) {
      notifyWaiting(listener -> listener.progress(progress, total, message));
    }

    @Override
    public void log(JobLog entry) {
      notifyWaiting(listener -> listener.log(entry));
    }

    private void notifyWaiting(Consumer<InlineListener> what) {
      for (InlineListener listener : waiting) {
        try {
          what.accept(listener);
        } catch (RuntimeException e) {
          log.debug("A report did not reach one of the calls that share a run", e);
        }
      }
    }

    @Override
    public Optional<List<JsonNode>> ask(List<Question> questions, boolean repeatable) {
      asked = true;
      end.complete(Optional.empty());
      waiting.removeIf(one -> one != first);
      return first.ask(questions, repeatable);
    }

    @Override
    public void closeStream() {
      first.closeStream();
    }

    @Override
    public boolean cancelled() {
      return waiting.stream().allMatch(InlineListener::cancelled);
    }
  }
}
