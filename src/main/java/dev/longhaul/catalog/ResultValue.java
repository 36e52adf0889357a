package dev.longhaul.catalog;

import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The value of a job's result for later steps: a tool's structured content if there is any, else
 * its text, else its content; the whole result of any other method.
 *
 * @param value the value; a text that is a JSON object, array, number or boolean is parsed
 * @param text the unparsed text if the value was parsed from one, else the value
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
      return new ResultValue(result, result); // of a method other than tools/call
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

  // A tool without an output schema returns numbers and objects as text; later steps get them
  // parsed. A quoted string is not unquoted.
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
