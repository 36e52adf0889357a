package dev.longhaul.catalog;

import dev.longhaul.tool.JobContext;
import dev.longhaul.tool.ToolAnswer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a {@link ToolAnswer} as a CallToolResult: the envelope, summary first, as structured
 * content and as the only text, because some clients show a model only one text. An answer with
 * errors and no data is {@code isError} without structured content, since it need not conform to
 * the tool's output schema.
 */
public final class ToolAnswerResult {
  private ToolAnswerResult() {}

  /** The result for an answer of a {@link ToolHandler}. */
  public static ObjectNode of(ToolAnswer<?> answer, JobContext context, JsonMapper json) {
    ObjectNode result = json.createObjectNode();
    result.set("structuredContent", json.valueToTree(answer));
    return complete(result, context, json);
  }

  /**
   * The result for a method that returned an answer.
   *
   * @param result the result that Spring AI made of it: structured content, or JSON as text if the
   *     method has no output schema; is modified
   */
  public static ObjectNode complete(ObjectNode result, JobContext context, JsonMapper json) {
    if (!(given(result, json) instanceof ObjectNode given) || !given.has("summary")) {
      return result;
    }
    // This part is used unchanged; only the rest is parsed and written again.
    JsonNode data = given.remove("data");
    // Empty lists were left out when the answer was written.
    for (String list : new String[] {"errors", "warnings"}) {
      if (!given.has(list)) {
        given.putArray(list);
      }
    }
    if (!given.has("counts")) {
      given.putObject("counts");
    }
    ToolAnswer<?> answer = json.treeToValue(given, ToolAnswer.class).timed(context.timing());
    ObjectNode envelope = json.createObjectNode().put("summary", answer.summary());
    if (data != null && !data.isNull()) {
      envelope.set("data", data);
    }
    envelope.setAll((ObjectNode) json.valueToTree(answer));
    boolean failed = !envelope.has("data") && !answer.errors().isEmpty();
    result
        .putArray("content")
        .addObject()
        .put("type", "text")
        .put("text", json.writeValueAsString(envelope));
    result.put("isError", failed);
    if (failed) {
      result.remove("structuredContent");
    } else {
      result.set("structuredContent", envelope);
    }
    return result;
  }

  private static @Nullable JsonNode given(ObjectNode result, JsonMapper json) {
    JsonNode structured = result.path("structuredContent");
    if (structured.isObject()) {
      return structured;
    }
    try {
      return json.readTree(result.path("content").path(0).path("text").asString("null"));
    } catch (JacksonException e) {
      return null;
    }
  }
}
