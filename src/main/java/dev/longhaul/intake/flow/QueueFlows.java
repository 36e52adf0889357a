package dev.longhaul.intake.flow;

import static dev.longhaul.intake.QueueAnswers.translated;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.JobFollowers;
import dev.longhaul.intake.QueueAnswers;
import dev.longhaul.intake.QueueControl;
import dev.longhaul.intake.Refusal;
import dev.longhaul.job.FlowRef;
import dev.longhaul.job.IdempotencyKey;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.Outcome;
import dev.longhaul.queue.FlowChild;
import dev.longhaul.queue.FlowKind;
import dev.longhaul.queue.FlowNotOpenException;
import dev.longhaul.queue.FlowQueue;
import dev.longhaul.queue.FlowRequest;
import dev.longhaul.queue.FlowState;
import dev.longhaul.queue.FlowView;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.QueueUnavailableException;
import dev.longhaul.schema.Violation;
import dev.longhaul.tool.Client;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/** Implements {@link Flows} on the queue. */
final class QueueFlows implements Flows {
  private static final Logger log = LoggerFactory.getLogger(QueueFlows.class);

  private final FlowQueue flows;
  private final JobQueue jobs;
  private final FlowAdmission admission;
  private final QueueControl queues;
  private final FlowLimits limits;
  private final JobFollowers followers;

  /**
   * @param followers waits for operations, including batches and chains
   */
  QueueFlows(
      FlowQueue flows,
      JobQueue jobs,
      FlowAdmission admission,
      QueueControl queues,
      FlowLimits limits,
      JobFollowers followers) {
    this.flows = flows;
    this.jobs = jobs;
    this.admission = admission;
    this.queues = queues;
    this.limits = limits;
    this.followers = followers;
  }

  @Override
  public FlowView submit(
      Caller caller, FlowKind kind, ObjectNode definition, @Nullable String idempotencyKey) {
    FlowView stored = store(caller, Client.NONE, kind, definition, idempotencyKey);
    translated(() -> {
      flows.handOut(stored.id()); // the caller gets its id
      return stored;
    });
    return stored;
  }

  /** Stores a batch or chain whose id was not sent to a client yet. */
  FlowView store(
      Caller caller,
      Client client,
      FlowKind kind,
      ObjectNode definition,
      @Nullable String idempotencyKey) {
    FlowDefinition read = FlowReader.read(kind, definition, limits);
    checkQueue(read.queue());
    FlowAdmission.Admitted admitted = admission.admit(caller, client, read);
    IdempotencyKey key = key(caller, read, idempotencyKey, definition);
    return translated(() -> {
      JobId id =
          flows.open(
              new FlowRequest(
                  kind,
                  read.name(),
                  caller.owner(),
                  read.allowFailures(),
                  key,
                  admitted.notification()));
      FlowView known = flows.find(id).orElseThrow(() -> unknown(kind, id));
      // Found by its key: either complete, or left incomplete by a process that died.
      return known.state() == FlowState.STAGING ? filled(id, kind, admitted) : known;
    });
  }

  private static @Nullable IdempotencyKey key(
      Caller caller, FlowDefinition read, @Nullable String beside, ObjectNode definition) {
    String within = read.idempotencyKey();
    if (within != null && beside != null && !within.equals(beside)) {
      throw FlowReader.refused(
          "/idempotency_key",
          "differs from the key that is given beside it (the header Idempotency-Key, or the option"
              + " of the call); give one of them");
    }
    String key = within == null ? beside : within;
    if (key == null) {
      return null;
    }
    ObjectNode content = definition.objectNode().setAll(definition);
    content.remove("idempotency_key");
    return IdempotencyKey.of(
        caller.owner(), read.kind().wire(), key, FlowContent.canonical(content));
  }

  private FlowView filled(JobId id, FlowKind kind, FlowAdmission.Admitted admitted) {
    try {
      flows.stage(id, 0, admitted.jobs());
      flows.callbacks(id, admitted.callbacks());
      flows.seal(id, admitted.jobs().size());
      return flows.find(id).orElseThrow(() -> unknown(kind, id));
    } catch (QueueUnavailableException e) {
      // Its state is unknown; upkeep cancels it if it was not sealed.
      throw e;
    } catch (FlowNotOpenException e) {
      // A concurrent request with the same key has sealed or ended it.
      return flows.find(id).orElseThrow(() -> unknown(kind, id));
    } catch (IllegalArgumentException e) {
      giveUp(id);
      throw new IntakeException(new Refusal.BadRequest(e.getMessage() + "."));
    } catch (RuntimeException e) {
      giveUp(id);
      throw e;
    }
  }

  private void giveUp(JobId id) {
    try {
      flows.cancel(id);
    } catch (RuntimeException e) {
      log.warn("Flow {} was refused and could not be removed; upkeep cancels it later", id, e);
    }
  }

  private void checkQueue(@Nullable String queue) {
    if (queue == null || limits.queues().contains(queue)) {
      return;
    }
    try {
      queues.queue(queue); // in a queue that no worker serves jobs would wait forever
    } catch (IntakeException e) {
      e.unless(Refusal.UnknownQueue.class);
      throw new IntakeException(
          new Refusal.InvalidFlow(
              false,
              List.of(
                  new Violation(
                      "/queue",
                      e.getMessage()
                          + " If a worker pool serves it, name it in longhaul.flows.request.queues."))));
    }
  }

  @Override
  public FlowView find(Caller caller, FlowKind kind, JobId id) {
    return translated(() -> flows.find(id))
        .filter(view -> view.owner().equals(caller.owner()) && view.kind() == kind)
        .orElseThrow(() -> unknown(kind, id));
  }

  /** A batch or chain of any owner. */
  Optional<FlowView> find(JobId id) {
    return translated(() -> flows.find(id));
  }

  @Override
  public FlowView await(Caller caller, FlowKind kind, JobId id, Duration wait)
      throws InterruptedException {
    find(caller, kind, id);
    try {
      var _ = followers.await(caller, id, wait);
    } catch (QueueUnavailableException e) {
      throw QueueAnswers.unavailable(e);
    }
    return find(caller, kind, id);
  }

  @Override
  public List<FlowChild> children(Caller caller, FlowKind kind, JobId id, int first, int limit) {
    find(caller, kind, id);
    return translated(() -> flows.children(id, first, limit));
  }

  @Override
  public List<FlowResult> results(
      Caller caller, FlowKind kind, JobId id, int offset, int limit, long maxChars) {
    FlowView view = find(caller, kind, id);
    int end = (int) Math.min((long) offset + limit, view.counts().staged());
    return read(id, IntStream.range(offset, end).boxed().toList(), maxChars);
  }

  @Override
  public List<FlowResult> ended(
      Caller caller, FlowKind kind, JobId id, int from, int limit, long maxChars) {
    find(caller, kind, id);
    return read(id, translated(() -> flows.ended(id, from, limit)), maxChars);
  }

  private List<FlowResult> read(JobId flow, List<Integer> indexes, long maxChars) {
    List<FlowResult> results = new ArrayList<>();
    long chars = 0;
    for (int index : indexes) {
      if (chars >= maxChars) {
        break;
      }
      FlowResult result = read(flow, index);
      chars += size(result.outcome());
      results.add(result);
    }
    return results;
  }

  private FlowResult read(JobId flow, int index) {
    JobId id = new FlowRef(flow, index).job();
    return translated(() -> {
      // The outcome is read first, because a state read before it could be older.
      Outcome outcome = jobs.outcome(id).orElse(null);
      Job job = outcome == null ? jobs.find(id).orElse(null) : null;
      return new FlowResult(
          index, id, outcome != null ? outcome.state() : job == null ? null : job.state(), outcome);
    });
  }

  private static long size(@Nullable Outcome outcome) {
    return switch (outcome) {
      case Outcome.Answered answered -> answered.json().length();
      case Outcome.Failed(_, var partial) -> partial == null ? 0 : partial.json().length();
      case Outcome.GivenUp(_, var partial) -> partial == null ? 0 : partial.json().length();
      case Outcome.Cancelled(var partial) -> partial == null ? 0 : partial.json().length();
      case Outcome.Refused _ -> 0;
      case null -> 0;
    };
  }

  @Override
  public FlowView cancel(Caller caller, FlowKind kind, JobId id) {
    FlowView before = find(caller, kind, id);
    return translated(() ->
        switch (flows.cancel(id)) {
          case CANCELLED -> flows.find(id).orElseThrow(() -> unknown(kind, id));
          case ALREADY_FINISHED ->
              throw new IntakeException(
                  new Refusal.FlowFinished(
                      kind, id, flows.find(id).map(FlowView::state).orElse(before.state())));
          case UNKNOWN -> throw unknown(kind, id);
        });
  }

  private static IntakeException unknown(FlowKind kind, JobId id) {
    return new IntakeException(new Refusal.UnknownFlow(kind, id.value()));
  }
}
