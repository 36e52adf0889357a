package dev.longhaul.mcp.delivery;

import dev.longhaul.job.OpenQuestion;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.tool.Question;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Writes questions as {@code inputRequests}: an object with method and params of each, by key. */
public final class InputRequests {
  private InputRequests() {}

  /** The open questions of a job. */
  public static ObjectNode ofJob(List<OpenQuestion> questions) {
    ObjectNode requests = Replies.object();
    questions.forEach(question ->
        requests
            .putObject(question.key())
            .put("method", question.method())
            .set("params", Json.tree(question.params())));
    return requests;
  }

  /**
   * The questions of an inline tool.
   *
   * @param questions all with keys
   */
  public static ObjectNode of(List<Question> questions) {
    ObjectNode requests = Replies.object();
    questions.forEach(question ->
        requests
            .putObject(String.valueOf(question.key()))
            .put("method", question.method())
            .set("params", question.params()));
    return requests;
  }
}
