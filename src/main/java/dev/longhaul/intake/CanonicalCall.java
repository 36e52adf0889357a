package dev.longhaul.intake;

import dev.longhaul.job.Utf8;
import java.math.BigDecimal;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a call as canonical text, so that equal calls from any front door are equal texts: names
 * are sorted, numbers are written by value, and absent arguments as an empty object. Members that
 * are not part of the call, such as {@code _meta}, are left out.
 */
public final class CanonicalCall {
  private final JsonMapper json;

  public CanonicalCall(JsonMapper json) {
    this.json = json;
  }

  /** The canonical form of the params of a method. */
  public String of(String method, ObjectNode params) {
    StringBuilder text = new StringBuilder();
    if (!method.equals(Submission.TOOLS_CALL)) {
      ObjectNode members = json.createObjectNode().setAll(params);
      var _ = members.remove("_meta");
      write(members, text);
      return text.toString();
    }
    write(params.path("name"), text);
    return withArguments(params, text);
  }

  /** The canonical form of a call of a tool. */
  public String ofCall(String tool, ObjectNode params) {
    StringBuilder text = new StringBuilder(json.writeValueAsString(tool));
    return withArguments(params, text);
  }

  private String withArguments(ObjectNode params, StringBuilder text) {
    text.append(' ');
    JsonNode arguments = params.path("arguments");
    if (arguments.isObject()) {
      write(arguments, text);
    } else {
      text.append("{}");
    }
    return text.toString();
  }

  /** The canonical form of any JSON. */
  public String ofTree(JsonNode node) {
    StringBuilder text = new StringBuilder();
    write(node, text);
    return text.toString();
  }

  /** The size of the canonical arguments in UTF-8, in bytes; 0 without arguments. */
  long argumentBytes(ObjectNode params) {
    JsonNode arguments = params.path("arguments");
    if (!arguments.isObject()) {
      return 0;
    }
    StringBuilder text = new StringBuilder();
    write(arguments, text);
    return Utf8.length(text);
  }

  private void write(JsonNode node, StringBuilder text) {
    switch (node.getNodeType()) {
      case OBJECT -> {
        char before = '{';
        var sorted = new TreeMap<String, JsonNode>();
        node.properties().forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
        for (var entry : sorted.entrySet()) {
          text.append(before).append(json.writeValueAsString(entry.getKey())).append(':');
          write(entry.getValue(), text);
          before = ',';
        }
        text.append(sorted.isEmpty() ? "{}" : "}");
      }
      case ARRAY -> {
        text.append('[');
        for (int i = 0; i < node.size(); i++) {
          text.append(i == 0 ? "" : ",");
          write(node.get(i), text);
        }
        text.append(']');
      }
      case NUMBER -> text.append(number(node));
      default -> text.append(json.writeValueAsString(node));
    }
  }

  private static String number(JsonNode node) {
    if (!node.isIntegralNumber() && !Double.isFinite(node.doubleValue())) {
      return node.asString(); // too large for a double; a tool sees the same text
    }
    BigDecimal value = node.decimalValue();
    // Not toPlainString, which would write 1e300 with 301 characters.
    return value.signum() == 0 ? "0" : value.stripTrailingZeros().toString();
  }
}
