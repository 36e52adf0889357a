package dev.longhaul.intake.flow;

import dev.longhaul.intake.Caller;
import dev.longhaul.job.JobError;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Partial;
import dev.longhaul.queue.FlowChild;
import dev.longhaul.queue.FlowKind;
import dev.longhaul.queue.FlowState;
import dev.longhaul.queue.FlowView;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Builds the outcome of a batch or chain in the form of its tool's result. */
final class FlowOutcomes {
  // Limited for the context of a model; the rest can be read in pages.
  private static final int MOST_RESULTS = 100;
  private static final long MOST_CHARS = 200_000;

  private final QueueFlows flows;
  private final String restPath;
  private final JsonMapper json;

  FlowOutcomes(QueueFlows flows, String restPath, JsonMapper json) {
    this.restPath = restPath;
    this.flows = flows;
    this.json = json;
  }

  /**
   * The outcome, with the first results.
   *
   * @param view a batch or chain that has ended
   */
  Outcome of(Caller caller, FlowView view) {
    ObjectNode answer = view.kind() == FlowKind.BATCH ? batch(caller, view) : chain(caller, view);
    Partial partial =
        new Partial(
            answer.toString(),
            (long) view.counts().ended(),
            view.counts().total() == null ? null : (long) view.counts().total());
    return switch (view.state()) {
      case FAILED -> new Outcome.Failed(Objects.requireNonNull(view.error()), partial);
      case CANCELLED -> new Outcome.Cancelled(partial);
      case COMPLETED, STAGING, RUNNING -> completed(view, answer);
    };
  }

  private Outcome completed(FlowView view, ObjectNode answer) {
    ObjectNode result = json.createObjectNode();
    String summary = "The " + view.kind().wire() + " has ended. " + view.said() + ".";
    // The summary is in both, because some clients show a model only the text, others only the
    // structured content.
    ObjectNode content = json.createObjectNode().put("summary", summary);
    content.setAll(answer);
    result.putArray("content").addObject().put("type", "text").put("text", content.toString());
    result.set("structuredContent", content);
    result.put("isError", false);
    return new Outcome.Answered(result.toString(), false);
  }

  private ObjectNode batch(Caller caller, FlowView view) {
    ObjectNode batch = head(view);
    List<FlowResult> results =
        flows.results(caller, view.kind(), view.id(), 0, MOST_RESULTS, MOST_CHARS);
    ArrayNode list = batch.putArray("results");
    results.forEach(result -> list.add(item(result)));
    boolean more = results.size() < view.counts().staged();
    batch.put("has_more", more);
    if (more) {
      batch.put("next_offset", results.size());
      batch.put(
          "more_at",
          "GET " + restPath + "/batches/" + view.id() + "/results?offset=" + results.size());
    }
    return batch;
  }

  private ObjectNode chain(Caller caller, FlowView view) {
    ObjectNode chain = head(view);
    ArrayNode steps = chain.putArray("steps");
    for (FlowChild step : flows.children(caller, view.kind(), view.id(), 0, 500)) {
      ObjectNode one = steps.addObject().put("step", step.index() + 1).put("id", step.id().value());
      one.put("state", step.state() == null ? null : step.state().wire());
      if (step.end() == FlowChild.End.FAILED) {
        flows
            .results(caller, view.kind(), view.id(), step.index(), 1, MOST_CHARS)
            .forEach(result -> one.setAll(item(result)));
      }
    }
    if (view.state() == FlowState.COMPLETED && view.counts().total() != null) {
      flows
          .results(caller, view.kind(), view.id(), view.counts().total() - 1, 1, MOST_CHARS)
          .forEach(result -> chain.set("result", item(result).path("result")));
    }
    return chain;
  }

  private ObjectNode head(FlowView view) {
    return json.createObjectNode()
        .put("id", view.id().value())
        .put("state", view.state().wire())
        .put("total", view.counts().total())
        .put("completed", view.counts().completed())
        .put("failed", view.counts().failed())
        .put("cancelled", view.counts().cancelled());
  }

  private ObjectNode item(FlowResult result) {
    ObjectNode item = json.createObjectNode();
    item.put("index", result.index()).put("id", result.id().value());
    item.put("state", result.state() == null ? null : result.state().wire());
    switch (result.outcome()) {
      case Outcome.Answered answered -> item.set("result", json.readTree(answered.json()));
      case Outcome.Refused refused -> item.putObject("error").put("message", refused.message());
      case Outcome.Failed failed -> error(item, failed.error());
      case Outcome.GivenUp givenUp -> error(item, givenUp.error());
      case Outcome.Cancelled _ -> {}
      case null -> {}
    }
    return item;
  }

  private static void error(ObjectNode item, @Nullable JobError error) {
    if (error != null) {
      item.putObject("error")
          .put("code", error.code())
          .put("type", error.type())
          .put("message", error.message())
          .put("remediation", error.remediation());
    }
  }
}
