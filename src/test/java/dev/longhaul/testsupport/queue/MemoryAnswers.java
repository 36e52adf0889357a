package dev.longhaul.testsupport.queue;

import dev.longhaul.job.JobId;
import dev.longhaul.queue.AnswerStore;
import dev.longhaul.queue.JobQueue.Watch;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Answers that are kept for a while, in memory. */
final class MemoryAnswers implements AnswerStore {
  // Of one call, runs and answers together.
  private static final int MOST = 64;

  private final Clock clock;
  private final Map<Call, Entries> calls = new HashMap<>();
  private final List<Consumer<Forgotten>> listeners = new CopyOnWriteArrayList<>();
  private long tokens;

  MemoryAnswers(Clock clock) {
    this.clock = clock;
  }

  private record Call(String name, String call) {}

  private record Answer(String json, @Nullable JobId job, Instant from, Instant until) {}

  private record Run(String token, Instant until) {}

  /** What is known of one call. */
  private static final class Entries {
    private final Map<String, Answer> answers = new HashMap<>();
    private final Map<String, Run> runs = new HashMap<>();

    private void forgetExpired(Instant now) {
      answers.values().removeIf(answer -> !answer.until().isAfter(now));
      runs.values().removeIf(run -> !run.until().isAfter(now));
    }

    private int size() {
      return answers.size() + runs.size();
    }
  }

  // Whatever is out of date is forgotten whenever somebody looks: there is not much of it.
  private Entries entries(Place place) {
    Instant now = clock.instant();
    calls.values().forEach(entries -> entries.forgetExpired(now));
    calls.values().removeIf(entries -> entries.size() == 0);
    return calls.computeIfAbsent(new Call(place.name(), place.call()), _ -> new Entries());
  }

  @Override
  public synchronized Optional<Kept> find(Place place) {
    Instant now = clock.instant();
    return Optional.ofNullable(entries(place).answers.get(place.variant()))
        .map(answer ->
            new Kept(
                answer.json(),
                Duration.between(answer.from(), now),
                Duration.between(now, answer.until()),
                answer.job()));
  }

  @Override
  public synchronized Beginning begin(Place place, String run, Duration time, boolean anew) {
    Entries entries = entries(place);
    if (anew) {
      entries.runs.clear(); // nothing that began before may be kept after it
    } else if (entries.answers.containsKey(place.variant())) {
      return new Beginning.Known();
    }
    Run known = entries.runs.get(run);
    if (known != null) {
      return new Beginning.Running(known.token(), false);
    }
    if (entries.size() >= MOST) {
      return new Beginning.Crowded();
    }
    String token = Long.toString(++tokens, 36);
    Duration limit = time.isPositive() ? time : Duration.ofMillis(1);
    entries.runs.put(run, new Run(token, clock.instant().plus(limit)));
    return new Beginning.Running(token, true);
  }

  @Override
  public synchronized boolean keep(
      Place place, String run, String token, String json, @Nullable JobId job, Duration life) {
    Entries entries = entries(place);
    if (!ended(entries, run, token) || !life.isPositive()) {
      return false;
    }
    Instant now = clock.instant();
    entries.answers.put(place.variant(), new Answer(json, job, now, now.plus(life)));
    return true;
  }

  @Override
  public synchronized void end(Place place, String run, String token) {
    var _ = ended(entries(place), run, token);
  }

  private static boolean ended(Entries entries, String run, String token) {
    Run known = entries.runs.get(run);
    return known != null && known.token().equals(token) && entries.runs.remove(run, known);
  }

  @Override
  public void forget(String name, Duration remembered) {
    synchronized (this) {
      calls.keySet().removeIf(call -> call.name().equals(name));
    }
    listeners.forEach(listener -> listener.accept(new Forgotten.Name(name)));
  }

  @Override
  public void forget(String name, String call) {
    synchronized (this) {
      calls.remove(new Call(name, call));
    }
    listeners.forEach(listener -> listener.accept(new Forgotten.Call(name, call)));
  }

  @Override
  public Watch onForgotten(Consumer<Forgotten> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }
}
