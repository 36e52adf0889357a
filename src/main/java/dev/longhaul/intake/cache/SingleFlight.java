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

/** Of equal inline calls at the same time in this process one runs, and its result is cached. */
final class SingleFlight {
  private static final Logger log = LoggerFactory.getLogger(SingleFlight.class);

  private final Map<Flown, Flight> flights = new ConcurrentHashMap<>();
  private final CachedResults results;

  private record Flown(CacheKey key, String flight) {}

  SingleFlight(CachedResults results) {
    this.results = results;
  }

  /**
   * Runs a call, or waits for the run of an equal one.
   *
   * @param anew whether neither a cached result nor a run that began before will do
   * @param work runs it, and reports to the listener it is given
   */
  Inlined run(
      CacheableCall call,
      boolean anew,
      InlineListener listener,
      Function<InlineListener, Inlined> work) {
    Flown key = new Flown(call.key(), call.flight());
    Flight own = new Flight(listener);
    if (anew) {
      flights.put(key, own);
    }
    Flight other = anew ? null : flights.putIfAbsent(key, own);
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
      Inlined end = made(call, anew, own, work);
      // The result is cached by now, so a call that does not find the flight finds that.
      flights.remove(key, own);
      own.end.complete(Optional.of(end));
      return end;
    } catch (RuntimeException | Error e) {
      flights.remove(key, own);
      own.end.completeExceptionally(e);
      throw e;
    }
  }

  private Inlined made(
      CacheableCall call, boolean anew, Flight own, Function<InlineListener, Inlined> work) {
    Begin begin = results.begin(call, anew);
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

  /** Calls from now on do not join a run that began before. */
  void invalidate(Invalidation what) {
    flights.keySet().removeIf(flown -> what.covers(flown.key()));
  }

  /**
   * One run and the calls that wait for it. It runs in the thread of the first one. All of them
   * receive what it reports, and it is cancelled only when the clients of all have left. As soon as
   * it asks its client something it belongs to the first call, and the others run by themselves.
   */
  @SuppressWarnings("ReferenceEquality") // one call's listener may equal another's
  static final class Flight implements InlineListener {
    private static final Inlined LEFT = new Inlined.Ended(new Outcome.Cancelled(null));

    /** How often a waiting call looks whether its client has left. */
    private static final long LOOK_MILLIS = 250;

    /** How it ended; empty if each waiting call has to run by itself. */
    final CompletableFuture<Optional<Inlined>> end = new CompletableFuture<>();

    private final InlineListener first;
    private final List<InlineListener> waiting = new CopyOnWriteArrayList<>();
    private volatile boolean asked;

    Flight(InlineListener first) {
      this.first = first;
      waiting.add(first);
    }

    /** Waits for this run as well; false if it is too late for that. */
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
     * Waits for the end, or until this call's client has left.
     *
     * @return how it ended; empty if the call has to run by itself
     */
    Optional<Inlined> await(InlineListener listener) {
      try {
        while (true) {
          try {
            // It was cancelled when all clients had left, but this one may have come after that.
            return end.get(LOOK_MILLIS, TimeUnit.MILLISECONDS)
                .filter(how -> !isCancelled(how) || listener.cancelled());
          } catch (TimeoutException e) {
            if (listener.cancelled()) {
              return Optional.of(LEFT);
            }
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Optional.of(LEFT);
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
      tell(listener -> listener.progress(progress, total, message));
    }

    @Override
    public void log(JobLog said) {
      tell(listener -> listener.log(said));
    }

    private void tell(Consumer<InlineListener> what) {
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
