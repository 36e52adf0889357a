package dev.longhaul.relay;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which arguments of tools are repeated in {@code Mcp-Param-*} headers, as their input schemas say
 * by {@code x-mcp-header} (2026-07-28, Streamable HTTP, "Custom Headers from Tool Parameters").
 */
final class MirroredArguments {
  private static final int MOST_TOOLS = 10_000;
  private static final int DEEPEST = 50;
  private static final int LONGEST_NUMBER = 32;

  private final Map<String, List<Argument>> byTool = new ConcurrentHashMap<>();

  private record Argument(List<String> path, String header) {}

  /** Reads a page of tools/list. */
  void learn(Message page) {
    if (page.content().get("tools") instanceof List<?> tools) {
      for (Object one : tools) {
        if (one instanceof Map<?, ?> tool
            && tool.get("name") instanceof String name
            && tool.get("inputSchema") instanceof Map<?, ?> schema) {
          List<Argument> found = new ArrayList<>();
          collect(schema, List.of(), found);
          if (found.isEmpty()) {
            byTool.remove(name);
          } else if (byTool.size() < MOST_TOOLS) {
            byTool.put(name, found);
          }
        }
      }
    }
  }

  private static void collect(Map<?, ?> schema, List<String> path, List<Argument> found) {
    if (path.size() > DEEPEST || !(schema.get("properties") instanceof Map<?, ?> properties)) {
      return;
    }
    properties.forEach((name, value) -> {
      if (value instanceof Map<?, ?> property) {
        List<String> here = new ArrayList<>(path);
        here.add(String.valueOf(name));
        if (property.get("x-mcp-header") instanceof String header) {
          found.add(new Argument(here, "Mcp-Param-" + header));
        }
        collect(property, here, found);
      }
    });
  }

  /** The headers of a call, as far as the tool is known. */
  Map<String, String> headers(String tool, Map<?, ?> arguments) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (Argument argument : byTool.getOrDefault(tool, List.of())) {
      Object value = arguments;
      for (String name : argument.path()) {
        value = value instanceof Map<?, ?> map ? map.get(name) : null;
      }
      if (value instanceof String text) {
        headers.put(argument.header(), encoded(text));
      } else if (value instanceof Message.Literal literal && !literal.text().equals("null")) {
        headers.put(argument.header(), plain(literal.text()));
      }
    }
    return headers;
  }

  /** A number without an exponent, which a header may not have. */
  private static String plain(String literal) {
    boolean exponent = literal.indexOf('e') > 0 || literal.indexOf('E') > 0;
    if (!exponent || literal.startsWith("t") || literal.startsWith("f")) {
      return literal;
    }
    BigDecimal number = new BigDecimal(literal);
    return Math.abs((long) number.scale()) > LONGEST_NUMBER ? literal : number.toPlainString();
  }

  /** A value as a header has it: as it is, or in Base64 ("Value Encoding"). */
  static String encoded(String value) {
    boolean plain =
        value.chars().allMatch(c -> c >= 0x20 && c <= 0x7e)
            && value.equals(value.strip())
            && !(value.startsWith("=?base64?") && value.endsWith("?="));
    return plain
        ? value
        : "=?base64?"
            + Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))
            + "?=";
  }
}
