package dev.longhaul.rest;

import dev.longhaul.job.JobError;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Partial;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The response of {@code GET /jobs/{id}/result}: the tool's result unchanged, or, for a job that
 * ended without one, {@code {state, error, partial}}. Both have status 200, because reading
 * succeeded; they are distinguished by the header {@value #STATE}.
 */
record ResultDocument(String state, String json) {
  static final String STATE = "Longhaul-Job-State";

  static ResultDocument of(Outcome outcome, JsonMapper mapper) {
    String state = outcome.state().wire();
    return new ResultDocument(
        state,
        switch (outcome) {
          case Outcome.Answered answered -> answered.json();
          case Outcome.Refused refused -> refusal(state, refused, mapper).toString();
          case Outcome.Failed failed ->
              ending(state, failed.error(), failed.partial(), mapper).toString();
          case Outcome.GivenUp givenUp ->
              ending(state, givenUp.error(), givenUp.partial(), mapper).toString();
          case Outcome.Cancelled cancelled ->
              ending(state, JobError.cancelled(), cancelled.partial(), mapper).toString();
        });
  }

  private static ObjectNode refusal(String state, Outcome.Refused refused, JsonMapper mapper) {
    ObjectNode document = ending(state, JobError.refused(refused.message()), null, mapper);
    ObjectNode rpc = document.putObject("json_rpc");
    rpc.put("code", refused.code()).put("message", refused.message());
    if (refused.dataJson() != null) {
      rpc.set("data", mapper.readTree(refused.dataJson()));
    }
    return document;
  }

  private static ObjectNode ending(
      String state, JobError error, @Nullable Partial partial, JsonMapper mapper) {
    ObjectNode document = mapper.createObjectNode().put("state", state);
    document.set("error", mapper.valueToTree(ErrorView.of(error)));
    document.set("partial", partial == null ? mapper.nullNode() : partial(partial, mapper));
    return document;
  }

  /** The partial result of a tool, as JSON. */
  static ObjectNode partial(Partial partial, JsonMapper mapper) {
    ObjectNode node =
        mapper
            .createObjectNode()
            .put("processed", partial.processed())
            .put("total", partial.total())
            .put("remaining", partial.remaining());
    node.set("value", mapper.readTree(partial.json()));
    return node;
  }
}
