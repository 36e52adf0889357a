package dev.longhaul.gateway.auth.owner;

import dev.longhaul.job.JobId;
import dev.longhaul.secret.Encryption;
import dev.longhaul.secret.SealedException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Keeps tokens of jobs encrypted. Upstream, owner and job are bound into each, so that one which
 * was moved to another job is not opened.
 */
public final class SealedTokens {
  private final KeptTokens store;
  private final Encryption encryption;
  private final Clock clock;

  public SealedTokens(KeptTokens store, Encryption encryption, Clock clock) {
    this.store = store;
    this.encryption = encryption;
    this.clock = clock;
  }

  /** Keeps a token for a job, until it ends at the longest. */
  public void keep(String upstream, String owner, JobId job, OwnerToken token) {
    String text = token.end().toEpochMilli() + " " + token.value();
    store.put(
        job,
        encryption.seal(place(upstream, owner, job), text),
        Duration.between(clock.instant(), token.end()));
  }

  /**
   * The token of a job.
   *
   * @throws SealedException if what is kept was not sealed for this job
   */
  public Optional<OwnerToken> find(String upstream, String owner, JobId job) {
    return store
        .find(job)
        .map(sealed -> {
          String text = encryption.open(place(upstream, owner, job), sealed);
          int blank = text.indexOf(' ');
          return new OwnerToken(
              text.substring(blank + 1),
              Instant.ofEpochMilli(Long.parseLong(text.substring(0, blank))));
        });
  }

  /** Deletes the token of a job. */
  public void forget(JobId job) {
    store.forget(job);
  }

  private static String place(String upstream, String owner, JobId job) {
    return "token of job " + job.value() + " for upstream " + upstream + " of owner " + owner;
  }
}
