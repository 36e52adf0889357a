package dev.longhaul.testsupport.queue;

import dev.longhaul.job.JobError;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Priority;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.Completion;
import dev.longhaul.queue.LeaseToken;
import dev.longhaul.queue.QueueAdmin.QueueState;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.queue.WorkQueue.StepAnswer;
import dev.longhaul.testsupport.queue.Line.Taken;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One step of a worker: what ended is recorded, and more is claimed. */
final class Claims {
  // A head that waited too long may take at most a quarter of the claims, saved up to this many.
  private static final int SHARE = 4;
  private static final int MOST_SAVED = 64;

  private final Store store;
  private long calls;

  Claims(Store store) {
    this.store = store;
  }

  StepAnswer step(List<Completion> completions, List<String> queues, int most) {
    List<Boolean> accepted = completions.stream().map(this::record).toList();
    int wanted = Math.min(most, WorkQueue.MAX_BATCH);
    if (wanted == 0) {
      return new StepAnswer(accepted, List.of(), false, null, 0);
    }
    store.lines.promote();
    store.gates.openDue();
    List<Claim> claims = new ArrayList<>();
    String nonce = "m" + Long.toString(++calls, 36);
    List<Line> open =
        queues.stream()
            .map(store.lines::find)
            .filter(Objects::nonNull)
            .filter(line -> line.state != QueueState.PAUSED)
            .toList();
    for (Line line : open) {
      preferPatientHeads(line, claims, wanted, nonce);
      for (int band = 0; band < Priority.BANDS; band++) {
        claim(line, band, claims, wanted, nonce);
      }
    }
    boolean more = open.stream().anyMatch(Line::anybody);
    return new StepAnswer(accepted, claims, more, nextDue(), 0);
  }

  /** When time alone brings something to do. */
  private @Nullable Duration nextDue() {
    Instant now = store.now();
    return Stream.concat(
            Stream.ofNullable(store.lines.nextDue()), store.gates.nextOpening().stream())
        .min(Instant::compareTo)
        .map(due -> due.isAfter(now) ? Duration.between(now, due) : Duration.ZERO)
        .orElse(null);
  }

  private boolean record(Completion completion) {
    StoredJob job = store.find(completion.id());
    if (job == null) {
      return false;
    }
    boolean mine = job.heldBy(completion.token());
    if (mine && (job.state == JobState.QUEUED || job.running())) {
      accept(job, completion);
      return true;
    }
    if (completion instanceof Completion.Finished) {
      if (mine && job.ended() && job.state != JobState.CANCELLED) {
        return true; // said before; only the reply was lost
      }
    } else if (job.fence == completion.token().fence()
        && job.gaveBack.equals(completion.token().nonce())) {
      return true; // likewise
    }
    if (mine && job.state == JobState.CANCELLED) {
      store.leases.drop(job); // it had not heard of the cancel yet; but its tool has stopped
    }
    return false;
  }

  private void accept(StoredJob job, Completion completion) {
    if (job.state == JobState.QUEUED) {
      // Its start is not awaited where the tool may be repeated, and what ended overtook it.
      job.attempts++;
      if (!(completion instanceof Completion.GivenBack)) {
        job.startedAt = store.now();
      }
    }
    switch (completion) {
      case Completion.Finished finished ->
          store.end(job, finished.outcome(), error(finished.outcome()));
      case Completion.Retry retry -> {
        job.error = retry.error();
        again(job, retry.delay());
      }
      case Completion.GivenBack givenBack -> {
        job.attempts--;
        again(job, givenBack.delay());
      }
    }
  }

  private static @Nullable JobError error(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Failed failed -> failed.error();
      case Outcome.GivenUp givenUp -> givenUp.error();
      case Outcome.Refused refused ->
          new JobError(
              JobError.PROTOCOL_ERROR,
              "json_rpc",
              refused.message(),
              "Correct the request as the message says.");
      case Outcome.Answered _, Outcome.Cancelled _ -> null;
    };
  }

  private void again(StoredJob job, Duration delay) {
    job.gaveBack = job.nonce;
    job.nonce = "";
    job.updatedAt = store.now();
    // Where its batch or chain was stopped no attempt follows.
    if (store.flows.stops(job)) {
      return;
    }
    store.leases.drop(job);
    if (delay.isPositive()) {
      store.lines.schedule(job, store.now().plus(delay));
    } else {
      store.lines.toHead(job);
    }
    store.changed(job);
  }

  private void preferPatientHeads(Line line, List<Claim> claims, int wanted, String nonce) {
    for (int band = Priority.BANDS - 1; band >= 1; band--) {
      Duration patience = store.rules.patience().get(band - 1);
      StoredJob head = line.head(band);
      int share = wanted - claims.size();
      if (head == null || patience.isZero() || share == 0 || !waitedLonger(head, patience)) {
        continue;
      }
      line.saved += share;
      long allowed = Math.min(line.saved / SHARE, Math.ceilDiv(share, SHARE));
      if (allowed > 0) {
        int before = claims.size();
        claim(line, band, claims, before + (int) allowed, nonce);
        line.saved -= Math.max((long) SHARE * (claims.size() - before), line.saved - MOST_SAVED);
      }
    }
  }

  private boolean waitedLonger(StoredJob job, Duration patience) {
    return Duration.between(job.queuedAt, store.now()).compareTo(patience) > 0;
  }

  private void claim(Line line, int band, List<Claim> claims, int most, String nonce) {
    while (claims.size() < most) {
      Taken taken = line.take(band);
      if (taken == null) {
        return;
      }
      take(taken, nonce).ifPresent(claims::add);
    }
  }

  /** Claims a job that was taken from its line, unless something holds it back. */
  private Optional<Claim> take(Taken taken, String nonce) {
    StoredJob job = taken.job();
    if (store.flows.stops(job) || !store.gates.pass(job, taken.from())) {
      return Optional.empty();
    }
    job.fence++;
    job.nonce = nonce;
    store.leases.grant(job.id);
    var request = job.request;
    return Optional.of(
        new Claim(
            job.id,
            new LeaseToken(job.fence, nonce),
            request.method(),
            request.tool(),
            request.params(),
            request.owner(),
            request.queue(),
            job.attempts + 1,
            request.retry(),
            request.timeout(),
            job.createdAt,
            job.retryUntil,
            Duration.between(job.queuedAt, store.now()),
            request.metadata(),
            job.probe,
            request.flow()));
  }
}
