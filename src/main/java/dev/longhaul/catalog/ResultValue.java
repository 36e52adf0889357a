package dev.longhaul.catalog;

import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a job's result means to the step behind it: a tool's structured content if it has any, else
 * its text, else its content as it is; the whole result of any other method.
 *
 * @param value the value; a text that is a JSON object, array, number or boolean is taken for that
 * @param text the same as the text it was, where it was one
 */
public record ResultValue(JsonNode value, JsonNode text) {
  private static final JsonMapper STRICT =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  /** The value of a CallToolResult, or of another method's result. */
  public static ResultValue of(ObjectNode result) {
    JsonNode structured = result.path("structuredContent");
    if (!structured.isMissingNode() && !structured.isNull()) {
      return new ResultValue(structured, structured);
    }
    JsonNode content = result.path("content");
    if (content.isMissingNode()) {
      return new ResultValue(result, result); // of another method than tools/call
    }
    List<String> texts =
        content
            .valueStream()
            .filter(item -> item.path("type").asString("").equals("text"))
            .map(item -> item.path("text").asString(""))
            .toList();
    if (texts.isEmpty()) {
      return new ResultValue(content, content);
    }
    String text = String.join("\n", texts);
    JsonNode plain = JsonNodeFactory.instance.stringNode(text);
    return new ResultValue(parsed(text, plain), plain);
  }

  // A tool without an output schema writes its number or record as text; to whoever goes on with
  // it, it is one all the same. A text in quotes stays a text with quotes.
  private static JsonNode parsed(String text, JsonNode plain) {
    try {
      JsonNode value = STRICT.readTree(text);
      return value == null || value.isMissingNode() || value.isString() || value.isNull()
          ? plain
          : value;
    } catch (JacksonException e) {
      return plain;
    }
  }
}
