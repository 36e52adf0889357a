package dev.longhaul.intake;

import static dev.longhaul.intake.QueueAnswers.translated;

import dev.longhaul.catalog.DelegatedTokens;
import dev.longhaul.catalog.DelegationRefusedException;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobRequest;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.QueueUnavailableException;
import dev.longhaul.security.PresentedToken;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores calls of tools that need a token in their caller's name. The job is held until the token
 * is kept for its id, so that no worker starts it without.
 */
final class DelegatedCalls {
  private static final Logger log = LoggerFactory.getLogger(DelegatedCalls.class);

  private final JobQueue queue;
  private final @Nullable DelegatedTokens tokens;
  private final Clock clock;

  /**
   * @param tokens null if this application gets none
   */
  DelegatedCalls(JobQueue queue, @Nullable DelegatedTokens tokens, Clock clock) {
    this.queue = queue;
    this.tokens = tokens;
    this.clock = clock;
  }

  /**
   * Gets the token, and stores the job with it.
   *
   * @param tool the tool's identity
   * @throws IntakeException if there is no token; then no job is stored
   */
  Job store(String tool, JobRequest request) {
    DelegatedTokens.Delegated token = token(tool, request.owner());
    long before = clock.millis();
    Job job = translated(() -> queue.submit(request.heldBack(), false));
    // An id contains its creation time: an older job was found by its idempotency key.
    if (request.idempotency() != null && job.id().epochMillis() < before) {
      return job;
    }
    JobId id = job.id();
    try {
      token.keep(id);
    } catch (RuntimeException e) {
      cancel(id);
      throw new IntakeException(
          new Refusal.Unavailable("The token for this call could not be stored; try again."), e);
    }
    if (request.held()) {
      return job;
    }
    return translated(() -> {
      var _ = queue.release(id);
      return queue.find(id).orElse(job);
    });
  }

  private DelegatedTokens.Delegated token(String tool, String owner) {
    if (tokens == null) {
      throw new IntakeException(
          new Refusal.BadRequest("This server gets no tokens in the name of callers."));
    }
    try {
      return tokens.get(tool, owner, PresentedToken.current().orElse(null));
    } catch (DelegationRefusedException e) {
      String message = String.valueOf(e.getMessage());
      throw new IntakeException(
          e.temporary() ? new Refusal.Unavailable(message) : new Refusal.BadRequest(message), e);
    }
  }

  private void cancel(JobId id) {
    try {
      var _ = queue.cancel(id);
    } catch (QueueUnavailableException e) {
      log.warn("Job {} stays held, because its token could not be stored; cancel it", id, e);
    }
  }
}
