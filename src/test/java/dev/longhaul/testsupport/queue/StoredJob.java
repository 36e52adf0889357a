package dev.longhaul.testsupport.queue;

import dev.longhaul.job.FlowRef;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Progress;
import dev.longhaul.job.Waiting;
import dev.longhaul.queue.AskedQuestion;
import dev.longhaul.queue.LeaseToken;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A job as it is stored. Touched under the store's lock only. */
final class StoredJob {
  final JobId id;
  final JobRequest request;
  final int band;
  final Instant createdAt;
  final @Nullable JobId replayOf;

  JobState state = JobState.QUEUED;
  long fence;
  String nonce = "";

  /** The nonce of whoever gave it back last, so that a repeated call is recognised. */
  String gaveBack = "";

  int attempts;
  int lostWorkers;
  @Nullable Instant startedAt;
  Instant updatedAt;
  @Nullable Instant finishedAt;
  @Nullable Instant dueAt;

  /** Since when it stands in line. */
  Instant queuedAt;

  Instant retryUntil;
  @Nullable Double fraction;
  @Nullable String message;
  @Nullable JobError error;
  @Nullable Outcome outcome;
  @Nullable Instant outcomeUntil;
  @Nullable Instant expiresAt;
  boolean handedOut;
  @Nullable Duration announcedTtl;
  @Nullable HeldBack heldBack;

  /** Whether a gate ever held it back. */
  boolean wasHeldBack;

  /** Whether it tries whether its tool works again. */
  boolean probe;

  @Nullable JobId replayedBy;

  /** What its tool asked, by key, in order. */
  final Map<String, Asked> questions = new LinkedHashMap<>();

  int asked;

  /**
   * What keeps it from being claimed.
   *
   * @param gate where it waits
   * @param until when it is expected to go on, or null
   */
  record HeldBack(Gate gate, Waiting.Reason reason, @Nullable Instant until) {}

  /**
   * A question, and whether the client is to see it.
   *
   * @param open whether this attempt asked it and nobody has answered
   */
  record Asked(AskedQuestion question, boolean open) {}

  StoredJob(JobId id, JobRequest request, int band, Instant createdAt, @Nullable JobId replayOf) {
    this.id = id;
    this.request = request;
    this.band = band;
    this.createdAt = createdAt;
    this.replayOf = replayOf;
    this.updatedAt = createdAt;
    this.queuedAt = createdAt;
    this.retryUntil = createdAt.plus(retryFor());
  }

  /** How long after its submission, or its release if it is held, an attempt may start. */
  Duration retryFor() {
    return request.delay().plus(request.retryUntil());
  }

  String tool() {
    return request.tool() == null ? "" : request.tool();
  }

  boolean ended() {
    return state.terminal();
  }

  /** Whether its tool has it now. */
  boolean running() {
    return state == JobState.RUNNING || state == JobState.INPUT_REQUIRED;
  }

  boolean heldBy(LeaseToken token) {
    return fence == token.fence() && nonce.equals(token.nonce());
  }

  @Nullable FlowRef flow() {
    return request.flow();
  }

  /** The job as everybody sees it. */
  Job view() {
    return new Job(
        id,
        request.method(),
        request.tool(),
        request.owner(),
        request.queue(),
        state,
        request.priority(),
        new Progress(fraction, message),
        attempts,
        request.retry().maxAttempts(),
        request.retry().repeatable(),
        request.timeout(),
        createdAt,
        startedAt,
        updatedAt,
        finishedAt,
        dueAt,
        error,
        handedOut,
        expiresAt,
        announcedTtl,
        request.metadata(),
        waiting(),
        replayOf,
        replayedBy,
        request.flow(),
        asked);
  }

  private @Nullable Waiting waiting() {
    if (heldBack == null) {
      return null;
    }
    boolean slots = heldBack.reason() == Waiting.Reason.CONCURRENCY;
    return new Waiting(
        heldBack.reason(), heldBack.until(), slots ? request.limits().concurrency() : null);
  }
}
