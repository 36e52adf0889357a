package dev.longhaul.intake.cache;

import dev.longhaul.intake.Calls.InlineListener;
import dev.longhaul.intake.Inlined;
import dev.longhaul.intake.cache.CacheStatistics.Result;
import dev.longhaul.job.Outcome;
import dev.longhaul.queue.AnswerStore.Beginning;
import dev.longhaul.queue.AnswerStore.Forgotten;
import dev.longhaul.queue.AnswerStore.Place;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Inline runs of this process whose answers may be kept: one for all that call the same. */
final class SharedRuns {
  private final Map<Key, SharedRun> running = new ConcurrentHashMap<>();
  private final AnswerCache cache;
  private final CacheMarks marks;

  private record Key(Place place, String run) {}

  SharedRuns(AnswerCache cache, CacheMarks marks) {
    this.cache = cache;
    this.marks = marks;
  }

  /**
   * Runs a call, or waits for the run of the same call.
   *
   * @param anew whether neither what is kept nor what began before will do
   * @param work runs it; what it reports goes to the listener it is given
   */
  Inlined run(
      CachedCall call,
      boolean anew,
      InlineListener listener,
      Function<InlineListener, Inlined> work) {
    Key key = new Key(call.place(), call.run());
    SharedRun own = new SharedRun(listener);
    if (anew) {
      running.put(key, own);
      return lead(call, true, key, own, work);
    }
    SharedRun other = running.putIfAbsent(key, own);
    while (other != null) {
      if (other.join(listener)) {
        cache.count(call, Result.SHARED);
        Optional<Inlined> end = other.await(listener);
        return end.isPresent() ? end.get() : work.apply(listener);
      }
      running.remove(key, other);
      other = running.putIfAbsent(key, own);
    }
    return lead(call, false, key, own, work);
  }

  private Inlined lead(
      CachedCall call,
      boolean anew,
      Key key,
      SharedRun own,
      Function<InlineListener, Inlined> work) {
    try {
      Inlined end = made(call, anew, own, work);
      // In this order nobody finds neither the run nor its answer.
      running.remove(key, own);
      own.ended(end);
      return end;
    } catch (RuntimeException | Error e) {
      running.remove(key, own);
      own.failed(e);
      throw e;
    }
  }

  private Inlined made(
      CachedCall call, boolean anew, SharedRun own, Function<InlineListener, Inlined> work) {
    return switch (cache.begin(call, anew)) {
      case Beginning.Known _ -> {
        var hit = cache.find(call);
        cache.count(call, hit.map(AnswerCache.Hit::level).orElse(Result.MISS));
        yield hit.isPresent() ? new Inlined.Ended(marks.marked(hit.get().kept())) : work.apply(own);
      }
      case Beginning.Running(String token, boolean _) -> {
        cache.count(call, Result.MISS);
        yield kept(call, token, own, work);
      }
      case Beginning.Crowded _ -> {
        cache.count(call, Result.MISS);
        yield work.apply(own);
      }
    };
  }

  private Inlined kept(
      CachedCall call, String token, SharedRun own, Function<InlineListener, Inlined> work) {
    boolean kept = false;
    try {
      Inlined end = work.apply(own);
      if (!own.asked()
          && end instanceof Inlined.Ended(Outcome.Answered(String json, boolean isError))
          && !isError) {
        kept = true;
        cache.keep(call, token, json, null);
      }
      return end;
    } finally {
      if (!kept) {
        cache.end(call, token);
      }
    }
  }

  /** Who calls from now on does not join what began before. */
  void forget(Forgotten what) {
    running
        .keySet()
        .removeIf(key ->
            switch (what) {
              case Forgotten.Name(String name) -> key.place().name().equals(name);
              case Forgotten.Call(String name, String call) ->
                  key.place().call().equals(call) && key.place().name().equals(name);
              case Forgotten.Anything _ -> false;
            });
  }
}
