package dev.longhaul.intake;

import dev.longhaul.job.Utf8;
import java.math.BigDecimal;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a call in a form in which equal calls are equal texts, whichever front door they came
 * through: names sorted, numbers by their value, absent arguments as empty ones. What is not part
 * of the call ({@code _meta}, and whatever else stands beside it) is left out.
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
      ObjectNode counting = json.createObjectNode().setAll(params);
      var _ = counting.remove("_meta");
      write(counting, text);
      return text.toString();
    }
    write(params.path("name"), text);
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

  /** How long the canonical arguments are in UTF-8, in bytes; none count as none. */
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
      return node.asString(); // too large for a double, which is what a tool sees as well
    }
    BigDecimal value = node.decimalValue();
    // Not toPlainString: 1e300 has no business being 301 characters.
    return value.signum() == 0 ? "0" : value.stripTrailingZeros().toString();
  }
}
