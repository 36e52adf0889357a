package dev.longhaul.intake.cache;

import dev.longhaul.intake.Calls.InlineListener;
import dev.longhaul.intake.Inlined;
import dev.longhaul.job.JobLog;
import dev.longhaul.job.Outcome;
import dev.longhaul.tool.Question;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * One inline run that several calls wait for. It runs in the thread of the first; all hear what it
 * reports, and it is cancelled only when the clients of all are gone. As soon as it asks something
 * it is the first call's alone, and the others run for themselves.
 */
final class SharedRun implements InlineListener {
  private static final Logger log = LoggerFactory.getLogger(SharedRun.class);

  /** How often a waiting call looks whether its client is still there. */
  private static final Duration LEAVING = Duration.ofMillis(250);

  private static final Inlined LEFT = new Inlined.Ended(new Outcome.Cancelled(null));

  private final InlineListener first;
  private final List<InlineListener> audience = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Optional<Inlined>> end = new CompletableFuture<>();
  private boolean closed;
  private boolean asked;

  SharedRun(InlineListener first) {
    this.first = first;
    audience.add(first);
  }

  /** Waits for it as well; false if it is too late for that. */
  synchronized boolean join(InlineListener listener) {
    return !closed && audience.add(listener);
  }

  /** Whether the tool asked its client something. */
  synchronized boolean asked() {
    return asked;
  }

  /**
   * Waits for the end, or until the own client is gone.
   *
   * @return how it ended; empty if the call has to run for itself
   */
  @SuppressWarnings("ReferenceEquality") // this call, not one that is like it
  Optional<Inlined> await(InlineListener listener) {
    try {
      while (true) {
        try {
          return end.get(LEAVING.toMillis(), TimeUnit.MILLISECONDS)
              .filter(ended -> !isCancelled(ended) || listener.cancelled());
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
      throw new IllegalStateException("the run that was shared failed", e.getCause());
    } finally {
      audience.removeIf(one -> one == listener);
    }
  }

  // All that waited when it was cancelled had gone; who came a moment later wants an answer.
  private static boolean isCancelled(Inlined inlined) {
    return inlined instanceof Inlined.Ended(Outcome.Cancelled _);
  }

  /** It has ended. */
  void ended(Inlined how) {
    close();
    end.complete(Optional.of(how));
  }

  /** It has failed, and so have all that wait for it. */
  void failed(Throwable why) {
    close();
    end.completeExceptionally(why);
  }

  private synchronized void close() {
    closed = true;
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
    for (InlineListener listener : audience) {
      try {
        what.accept(listener);
      } catch (RuntimeException e) {
        log.debug("A call that shares a run could not be told of it", e);
      }
    }
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // this call, not one that is like it
  public Optional<List<JsonNode>> ask(List<Question> questions, boolean repeatable) {
    synchronized (this) {
      closed = true;
      asked = true;
    }
    end.complete(Optional.empty());
    audience.removeIf(one -> one != first);
    return first.ask(questions, repeatable);
  }

  @Override
  public void closeStream() {
    first.closeStream();
  }

  @Override
  public boolean cancelled() {
    return audience.stream().allMatch(InlineListener::cancelled);
  }
}
