package dev.longhaul.intake.flow;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.FlowOperations;
import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.JobOptions;
import dev.longhaul.intake.Refusal;
import dev.longhaul.intake.Submission;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.Outcome;
import dev.longhaul.queue.FlowKind;
import dev.longhaul.queue.FlowView;
import dev.longhaul.tool.Client;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Handles calls of run_batch and run_chain, and the operations that they begin. */
final class FlowCalls implements FlowOperations {
  private final QueueFlows flows;
  private final FlowOutcomes outcomes;
  private final boolean tools;

  /**
   * @param tools whether these tools are served
   */
  FlowCalls(QueueFlows flows, FlowOutcomes outcomes, boolean tools) {
    this.flows = flows;
    this.outcomes = outcomes;
    this.tools = tools;
  }

  @Override
  public Optional<Job> begin(Submission submission) {
    return kind(submission).map(kind -> begin(submission, kind));
  }

  @Override
  public Outcome outcome(Caller caller, JobId id) {
    return outcomes.of(caller, owned(caller, id));
  }

  private FlowView owned(Caller caller, JobId id) {
    return flows
        .find(id)
        .filter(flow -> flow.owner().equals(caller.owner()))
        .orElseThrow(() -> new IntakeException(new Refusal.UnknownJob(id.value())));
  }

  /** Stores the batch or chain of a call, and returns it as the job of the call. */
  @Override
  public boolean begins(Submission submission) {
    return kind(submission).isPresent();
  }

  private Job begin(Submission submission, FlowKind kind) {
    JobOptions options = submission.options();
    String key = options.idempotencyKey();
    JobOptions allowed =
        JobOptions.builder()
            .idempotencyKey(key)
            .callbackUrl(options.callbackUrl())
            .channels(options.channels())
            .noCache(options.noCache()) // no effect, because batches and chains are not cached
            .build();
    if (!options.equals(allowed)) {
      throw new IntakeException(
          new Refusal.BadRequest(
              kind.tool()
                  + " accepts only the options idempotency_key, callback_url and notify; give the"
                  + " others to its jobs."));
    }
    JsonNode arguments = submission.params().path("arguments");
    ObjectNode definition =
        arguments instanceof ObjectNode object
            ? object.deepCopy()
            : JsonNodeFactory.instance.objectNode();
    mergeNotifications(kind, definition, options);
    try {
      return flows
          .store(
              submission.caller(), withoutCapabilities(submission.client()), kind, definition, key)
          .job();
    } catch (IntakeException e) {
      throw new IntakeException(
          new Refusal.InvalidArguments(kind.tool(), e.as(Refusal.InvalidFlow.class).violations()));
    }
  }

  // Callback URL and channels may be options of the call or arguments of the tool.
  private static void mergeNotifications(FlowKind kind, ObjectNode definition, JobOptions options) {
    String url = options.callbackUrl();
    if (url != null) {
      once(kind, definition, JobOptions.CALLBACK_URL, definition.stringNode(url));
    }
    if (!options.channels().isEmpty()) {
      var channels = definition.arrayNode();
      options.channels().forEach(channels::add);
      once(kind, definition, JobOptions.NOTIFY, channels);
    }
  }

  private static void once(FlowKind kind, ObjectNode definition, String name, JsonNode value) {
    if (definition.hasNonNull(name) && !definition.path(name).equals(value)) {
      throw new IntakeException(
          new Refusal.BadRequest(
              name,
              name
                  + " is given twice, in the options of the call and in the arguments of "
                  + kind.tool()
                  + "; give it once."));
    }
    definition.set(name, value);
  }

  // The client without capabilities: a call for many jobs cannot carry the questions of each, so a
  // tool that asks fails immediately instead of waiting for an answer that never comes.
  private static Client withoutCapabilities(Client client) {
    return new Client(
        client.revision(),
        Client.NONE.capabilities(),
        client.name(),
        client.version(),
        null,
        client.trace());
  }

  /** The kind of flow that a call begins; empty if it is a call of another tool. */
  private Optional<FlowKind> kind(Submission submission) {
    if (!tools || !submission.method().equals("tools/call")) {
      return Optional.empty();
    }
    return FlowKind.begunBy(submission.params().path("name").asString(""));
  }
}
