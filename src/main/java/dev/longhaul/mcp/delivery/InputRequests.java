package dev.longhaul.mcp.delivery;

import dev.longhaul.job.OpenQuestion;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.tool.Question;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Questions as {@code inputRequests}: by their key, each with method and params. */
public final class InputRequests {
  private InputRequests() {}

  /** What a job asks. */
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
   * What an inline tool asks.
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
