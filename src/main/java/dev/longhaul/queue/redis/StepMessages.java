package dev.longhaul.queue.redis;

import dev.longhaul.job.Checkpoints;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.Outcome;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.Completion;
import dev.longhaul.queue.LeaseToken;
import dev.longhaul.queue.QueueUnavailableException;
import dev.longhaul.queue.ResultProperties;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.queue.WorkQueue.StepAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes the arguments of step.lua and reads its reply; the script's header documents both. */
final class StepMessages {
  /** The values of each claimed job. */
  private static final int CLAIM = 4;

  private final JobFields fields;
  private final String channel;
  private final Consumer<String> told;
  private final RedisQueueProperties.Queue queue;
  private final ResultProperties results;

  /**
   * @param channel the channel of this process
   * @param told gets what is told of jobs that ended, as if it came on that channel; never fails
   */
  StepMessages(
      JobFields fields,
      String channel,
      Consumer<String> told,
      RedisQueueProperties.Queue queue,
      ResultProperties results) {
    this.fields = fields;
    this.channel = channel;
    this.told = told;
    this.queue = queue;
    this.results = results;
  }

  /**
   * @param staged the large results that were already written under this step's nonce
   */
  List<String> write(
      String nonce, List<Ended> completions, List<String> queues, int claims, Set<JobId> staged) {
    List<String> args = new ArrayList<>(8 + queues.size() + completions.size() * 12);
    args.add(nonce);
    args.add(Long.toString(queue.lease().toMillis()));
    args.add(Long.toString(results.statusTtl().toMillis()));
    args.add(Long.toString(results.deadTtl().toMillis()));
    queue.patience().forEach(most -> args.add(Long.toString(most.toMillis())));
    args.add(Integer.toString(Math.min(claims, WorkQueue.MAX_BATCH)));
    args.add(Integer.toString(queues.size()));
    args.addAll(queues);
    args.add(Integer.toString(completions.size()));
    completions.forEach(ended -> args.add(ended.id().value()));
    completions.forEach(
        ended -> addCompletion(args, ended, staged.contains(ended.id()) ? nonce : null));
    args.add(channel);
    return args;
  }

  private void addCompletion(List<String> args, Ended ended, @Nullable String staged) {
    Completion completion = ended.completion();
    args.add(token(completion.token()));
    switch (completion) {
      case Completion.Finished(JobId _, LeaseToken _, Outcome outcome, Checkpoints steps) -> {
        boolean small = staged == null && ended.size() <= OutcomeFields.SMALL;
        args.add((small ? "f" : "s") + fields.write(steps));
        args.add(outcome.state().wire());
        args.add(error(outcome));
        if (small) {
          args.add(OutcomeFields.pack(ended.stored(), fields.json()));
          return;
        }
        Duration ttl = results.ttlOf(ended.size());
        args.add(Long.toString(ttl.toMillis()));
        args.add(ttl.compareTo(results.ttl()) < 0 ? "1" : "0");
        if (staged == null) {
          args.add(Integer.toString(ended.stored().size() / 2));
          args.addAll(ended.stored());
        } else {
          args.add("-1");
          args.add(staged);
        }
      }
      case Completion.Retry(
              JobId _,
              LeaseToken _,
              Duration delay,
              JobError error,
              Checkpoints steps) -> {
        args.add("r" + fields.write(steps));
        args.add(Long.toString(delay.toMillis()));
        args.add(fields.write(error));
      }
      case Completion.GivenBack(JobId id, LeaseToken token, Duration delay) -> {
        args.add("g");
        args.add(Long.toString(delay.toMillis()));
        args.add("");
      }
    }
  }

  private String error(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Answered ignored -> "";
      case Outcome.Cancelled ignored -> "";
      case Outcome.Failed failed -> fields.write(failed.error());
      case Outcome.GivenUp givenUp -> fields.write(givenUp.error());
      case Outcome.Refused refused ->
          fields.write(
              new JobError(
                  JobError.PROTOCOL_ERROR,
                  "json_rpc",
                  refused.message(),
                  "Correct the request as the message says."));
    };
  }

  /**
   * @param completions the step's
   */
  StepAnswer read(List<Object> answer, List<Ended> completions, String nonce) {
    List<?> codes = (List<?>) answer.get(0);
    if (codes.contains(-1L)) {
      // Redis has lost the staged result. The whole step is repeated; completions that were
      // recorded are recognised.
      throw new QueueUnavailableException(
          "A large result was gone before it could be accepted; it is written again");
    }
    List<Boolean> accepted = new ArrayList<>(codes.size());
    for (int i = 0; i < codes.size(); i++) {
      if (codes.get(i) instanceof String end) {
        told.accept(end);
        accepted.add(true);
      } else {
        accepted.add(codes.get(i).equals(1L));
        if (accepted.get(i) && completions.get(i).completion() instanceof Completion.Finished) {
          // A repeated step tells nothing any more.
          told.accept(completions.get(i).id().value());
        }
      }
    }
    List<Claim> claims = new ArrayList<>();
    List<?> claimed = (List<?>) answer.get(1);
    long now = (Long) answer.get(5);
    for (int i = 0; i < claimed.size(); i += CLAIM) {
      claims.add(
          fields.readClaim(
              (String) claimed.get(i),
              (String) claimed.get(i + 1),
              (String) claimed.get(i + 2),
              (List<?>) claimed.get(i + 3),
              nonce,
              now));
    }
    long nextDue = (Long) answer.get(3);
    return new StepAnswer(
        accepted,
        claims,
        answer.get(2).equals(1L),
        nextDue < 0 ? null : Duration.ofMillis(nextDue),
        (Long) answer.get(4));
  }

  static void addToken(List<String> args, JobId id, LeaseToken token) {
    args.add(id.value());
    args.add(token(token));
  }

  // As an entry of the claims begins (jobs.lua).
  private static String token(LeaseToken token) {
    return token.nonce() + " " + token.fence() + " ";
  }
}
