package dev.longhaul.queue;

import dev.longhaul.job.JobId;
import dev.longhaul.queue.JobQueue.Watch;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Answers that are kept for a while, for all processes. Every method throws {@link
 * QueueUnavailableException} when the store cannot be reached in time.
 */
public interface AnswerStore {

  /**
   * Where an answer is kept.
   *
   * @param name what it is an answer of: a tool, or a resource's URI
   * @param call digest of who asks and what; all its variants are forgotten together
   * @param variant digest of what else an answer can depend on, or {@code -}
   */
  record Place(String name, String call, String variant) {
    /** Another variant of the same call's. */
    public Place as(String other) {
      return new Place(name, call, other);
    }
  }

  /**
   * A kept answer.
   *
   * @param json the method's result
   * @param age since when it is kept
   * @param left how long it may still be given
   * @param job whose answer it is, or null if it was no job's
   */
  record Kept(String json, Duration age, Duration left, @Nullable JobId job) {}

  /** What {@link #begin} found. */
  sealed interface Beginning {
    /** An answer is kept. */
    record Known() implements Beginning {}

    /**
     * A run for this call goes on.
     *
     * @param token names the run; with it its answer can be kept
     * @param own whether it was begun just now
     */
    record Running(String token, boolean own) implements Beginning {}

    /** Too much goes on or is kept for this call; the answer of one more is not kept. */
    record Crowded() implements Beginning {}
  }

  /** What was forgotten, perhaps by another process. */
  sealed interface Forgotten {
    /** All answers of a name. */
    record Name(String name) implements Forgotten {}

    /** The answers of one call. */
    record Call(String name, String call) implements Forgotten {}

    /** Anything may have been forgotten: nothing was heard for a while. */
    record Anything() implements Forgotten {}
  }

  /** The answer that is kept there. */
  Optional<Kept> find(Place place);

  /**
   * Begins a run whose answer is to be kept, or joins the one that goes on.
   *
   * @param run who may share it: equal for calls that may
   * @param time how long it may take; after that its answer is not kept, and another may begin
   * @param anew begin one whatever is kept or goes on; older runs' answers are not kept then
   */
  Beginning begin(Place place, String run, Duration time, boolean anew);

  /**
   * Ends a run and keeps its answer, unless that was forgotten since it began.
   *
   * @param life how long the answer may be given
   * @return whether it is kept
   */
  boolean keep(
      Place place, String run, String token, String json, @Nullable JobId job, Duration life);

  /** Ends a run without an answer. */
  void end(Place place, String run, String token);

  /**
   * Forgets all answers of a name, also those that are being made.
   *
   * @param remembered how long nothing older may come back: as long as such an answer could be made
   *     and kept
   */
  void forget(String name, Duration remembered);

  /** Forgets the answers of one call, also those that are being made. */
  void forget(String name, String call);

  /**
   * Calls the listener when something was forgotten, by whichever process; it must only take note.
   * A message can be lost: what was found is to be looked for again now and then.
   */
  Watch onForgotten(Consumer<Forgotten> listener);
}
