package dev.longhaul.schema;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The arguments of a tool that its input schema marks with {@code x-mcp-header}: clients repeat
 * them in {@code Mcp-Param-*} headers, and both values must be equal (2026-07-28, Streamable HTTP,
 * "Custom Headers from Tool Parameters").
 *
 * @param params the path and header of each
 */
public record MirroredParams(List<Param> params) {
  public static final MirroredParams NONE = new MirroredParams(List.of());

  private static final String ANNOTATION = "x-mcp-header";
  private static final String HEADER_PREFIX = "Mcp-Param-";
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final int MAX_SCALE = 32;
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,16}(\\.[0-9]{1,16})?");

  /**
   * A marked argument.
   *
   * @param path the property names from the root of the arguments
   * @param header the header's full name
   */
  record Param(List<String> path, String header) {

    /** Its value in the arguments of a call; a missing node if it has none. */
    private JsonNode in(JsonNode arguments) {
      JsonNode value = arguments;
      for (String name : path) {
        value = value.path(name);
      }
      return value;
    }
  }

  /**
   * Reads the annotations of an input schema.
   *
   * @throws IllegalArgumentException if one violates the specification; clients drop such a tool
   */
  public static MirroredParams of(JsonNode inputSchema) {
    List<Param> found = new ArrayList<>();
    Set<JsonNode> reached = java.util.Collections.newSetFromMap(new java.util.IdentityHashMap<>());
    collect(inputSchema, List.of(), found, reached);
    Set<String> names = new HashSet<>();
    for (Param param : found) {
      if (!names.add(param.header().toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException(
            ANNOTATION + " names must differ by more than case: " + param.header());
      }
    }
    refuseElsewhere(inputSchema, reached, false);
    return found.isEmpty() ? NONE : new MirroredParams(List.copyOf(found));
  }

  /** The headers that a call with these arguments has. */
  public Map<String, String> headers(JsonNode arguments) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (Param param : params) {
      JsonNode value = param.in(arguments);
      if (value.isValueNode() && !value.isNull()) {
        headers.put(param.header(), HeaderValue.encode(text(value)));
      }
    }
    return headers;
  }

  /** The first mismatch between a call's headers and its arguments, or empty if there is none. */
  public Optional<String> mismatch(JsonNode arguments, UnaryOperator<@Nullable String> headers) {
    for (Param param : params) {
      JsonNode value = param.in(arguments);
      String raw = headers.apply(param.header());
      boolean given = !value.isMissingNode() && !value.isNull();
      if (raw == null) {
        if (given) {
          return Optional.of("The header " + param.header() + " is missing.");
        }
        continue;
      }
      Optional<String> decoded = HeaderValue.decode(raw);
      if (decoded.isEmpty()) {
        return Optional.of("The header " + param.header() + " is malformed.");
      }
      if (!given || !same(value, decoded.get())) {
        return Optional.of("The header " + param.header() + " differs from the argument.");
      }
    }
    return Optional.empty();
  }

  // Without an exponent, which servers need not know; of a number that one would expand hugely it
  // is
  // kept.
  private static String text(JsonNode value) {
    if (!value.isNumber() || value.isIntegralNumber()) {
      return value.asString();
    }
    BigDecimal number = value.decimalValue().stripTrailingZeros();
    return Math.abs(number.scale()) > MAX_SCALE ? value.asString() : number.toPlainString();
  }

  private static boolean same(JsonNode value, String header) {
    if (value.isNumber()) {
      // Compared as numbers: 42.0 equals 42. The pattern excludes exponents, which could expand
      // hugely.
      return NUMBER.matcher(header).matches()
          && new BigDecimal(header).compareTo(value.decimalValue()) == 0;
    }
    return value.isValueNode() && value.asString().equals(header);
  }

  private static void collect(
      JsonNode schema, List<String> path, List<Param> found, Set<JsonNode> reached) {
    if (!(schema.get("properties") instanceof ObjectNode properties)) {
      return;
    }
    properties
        .properties()
        .forEach(entry -> {
          List<String> here = new ArrayList<>(path);
          here.add(entry.getKey());
          JsonNode property = entry.getValue();
          if (property.has(ANNOTATION)) {
            reached.add(property);
            found.add(param(here, property));
          }
          collect(property, List.copyOf(here), found, reached);
        });
  }

  private static Param param(List<String> path, JsonNode property) {
    String name = property.get(ANNOTATION).stringValue("");
    String where = String.join(".", path);
    if (!TOKEN.matcher(name).matches()) {
      throw new IllegalArgumentException(
          ANNOTATION + " of " + where + " must be a non-empty HTTP field name");
    }
    switch (property.path("type").stringValue("")) {
      case "string", "integer", "boolean" -> {}
      default ->
          throw new IllegalArgumentException(
              ANNOTATION + " of " + where + " needs the type string, integer or boolean");
    }
    return new Param(List.copyOf(path), HEADER_PREFIX + name);
  }

  /** Refuses the annotation where the path from the root leads through anything but properties. */
  private static void refuseElsewhere(JsonNode node, Set<JsonNode> reached, boolean names) {
    // Directly under properties the keys are property names, and one may be x-mcp-header.
    if (!names && node.isObject() && node.has(ANNOTATION) && !reached.contains(node)) {
      throw new IllegalArgumentException(
          ANNOTATION + " may only be used on properties reached through properties alone");
    }
    if (node instanceof ObjectNode object) {
      object
          .properties()
          .forEach(entry -> {
            boolean values =
                Set.of("const", "default", "enum", "examples").contains(entry.getKey());
            if (names || !values) {
              refuseElsewhere(
                  entry.getValue(), reached, !names && entry.getKey().equals("properties"));
            }
          });
    } else {
      node.forEach(child -> refuseElsewhere(child, reached, false));
    }
  }
}
