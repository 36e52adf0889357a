package dev.longhaul.queue.redis;

import dev.longhaul.job.Checkpoints;
import dev.longhaul.job.JobAttempt;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the attempts of a job. Only attempts that failed or lost their worker are stored, by the
 * script that records that; the latest attempt is derived from the job's own fields, so that a job
 * that succeeds at once needs no entry.
 */
final class Attempts {
  private static final TypeReference<List<Stored>> LIST = new TypeReference<>() {};
  private static final int LONGEST_HOST = 20;
  private static final int MOST = 20;

  /** The format of noteAttempt in states.lua. */
  private record Stored(int n, long s, long f, String w, String c, String m) {
    JobAttempt attempt() {
      return new JobAttempt(
          n,
          s == 0 ? null : Instant.ofEpochMilli(s),
          Instant.ofEpochMilli(f),
          w.isEmpty() ? null : w,
          new JobAttempt.Failure(c, m));
    }
  }

  /**
   * The format of the field cp: the steps of the latest attempt that told any.
   *
   * @param n the number of the attempt
   */
  private record StoredSteps(int n, List<StoredStep> c) {}

  /**
   * A step.
   *
   * @param s its name
   * @param c how often it began
   * @param u how long it took in microseconds
   */
  private record StoredStep(String s, long c, long u) {}

  private Attempts() {}

  /** Writes the steps of an attempt; empty if there are none. */
  static String write(Checkpoints checkpoints, JsonMapper json) {
    if (checkpoints.steps().isEmpty()) {
      return "";
    }
    return json.writeValueAsString(
        new StoredSteps(
            checkpoints.attempt(),
            checkpoints.steps().stream()
                .map(step ->
                    new StoredStep(step.name(), step.count(), step.took().toNanos() / 1_000))
                .toList()));
  }

  private static List<JobAttempt> withSteps(
      List<JobAttempt> attempts, @Nullable String stored, JsonMapper json) {
    if (stored == null) {
      return attempts;
    }
    StoredSteps steps = json.readValue(stored, StoredSteps.class);
    return attempts.stream()
        .map(attempt ->
            attempt.number() == steps.n()
                ? attempt.with(
                    steps.c().stream()
                        .map(step ->
                            new Checkpoints.Step(
                                step.s(), step.c(), Duration.ofNanos(step.u() * 1_000)))
                        .toList())
                : attempt)
        .toList();
  }

  /**
   * The name of a process, with which the nonces of its leases begin.
   *
   * @param host the machine's name, which is truncated, or null if unknown
   */
  static String process(@Nullable String host) {
    String known = Objects.requireNonNullElse(host, "").replaceAll("[^A-Za-z0-9-]", "-");
    String name = known.substring(0, Math.min(known.length(), LONGEST_HOST));
    return (name.isEmpty() ? "worker" : name) + "-" + UUID.randomUUID().toString().substring(24);
  }

  /** A nonce: the process, a dot and a number. */
  static String nonce(String process, long number) {
    return process + "." + Long.toString(number, 36);
  }

  /**
   * Reads the attempts.
   *
   * @param fields the job's hash
   * @param finished when it ended, or null
   * @param error why it ended without a result, or null
   */
  static List<JobAttempt> read(
      Map<String, String> fields,
      JobState state,
      LastClaim claim,
      @Nullable Instant finished,
      @Nullable JobError error,
      JsonMapper json) {
    int attempt = claim.attempt();
    String stored = fields.get("as");
    List<JobAttempt> attempts = new ArrayList<>();
    if (stored != null) {
      json.readValue(stored, LIST).forEach(one -> attempts.add(one.attempt()));
    }
    boolean told = !attempts.isEmpty() && attempts.getLast().number() >= attempt;
    if (told && state == JobState.COMPLETED) {
      // The attempt counted as lost, but its worker reported the outcome before another claim.
      JobAttempt last = attempts.removeLast();
      attempts.add(new JobAttempt(last.number(), last.startedAt(), finished, last.worker(), null));
    }
    if (attempt > 0 && !told && startedOrEnded(state)) {
      boolean failed = state == JobState.FAILED || state == JobState.DEAD;
      attempts.add(
          new JobAttempt(
              attempt,
              claim.startedAt(),
              finished,
              worker(claim.nonce()),
              failed && error != null
                  ? new JobAttempt.Failure(error.code(), error.message())
                  : null));
    }
    List<JobAttempt> latest =
        attempts.size() <= MOST
            ? attempts
            : attempts.subList(attempts.size() - MOST, attempts.size());
    return withSteps(latest, fields.get("cp"), json);
  }

  private static boolean startedOrEnded(JobState state) {
    return state == JobState.RUNNING || state == JobState.INPUT_REQUIRED || state.terminal();
  }

  private static @Nullable String worker(String nonce) {
    int dot = nonce.lastIndexOf('.');
    return dot <= 0 ? null : nonce.substring(0, dot);
  }
}
