package dev.longhaul.catalog;

import dev.longhaul.catalog.Template.Part;
import dev.longhaul.catalog.Template.Reference;
import dev.longhaul.catalog.Template.Source;
import dev.longhaul.catalog.Template.Text;
import dev.longhaul.schema.Pointers;
import dev.longhaul.schema.Violations;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Fills the values of {@link Template}s into the arguments of a call. A string that is only a
 * reference becomes the value itself, of any type; within other text a value becomes text.
 * Filled-in values are not parsed as templates again.
 */
public final class TemplateArguments {
  /**
   * The most characters that references may fill in, since a result can be referred to repeatedly.
   */
  public static final int MOST_CHARS = 10_000_000;

  private final Function<Source, JsonNode> values;
  private long chars;

  /**
   * @param values gives the value of a source, or throws a {@link TemplateException}
   */
  public TemplateArguments(Function<Source, JsonNode> values) {
    this.values = values;
  }

  /** The sources of all references; invalid references are added to the violations. */
  public static List<Source> sources(JsonNode arguments, Violations wrong) {
    List<Source> found = new ArrayList<>();
    collect(arguments, "", found, wrong);
    return found;
  }

  /** Whether any string within contains references or escaped braces. */
  public static boolean isIn(JsonNode node) {
    return node.isString()
        ? Template.isIn(node.asString())
        : node.isContainer() && node.valueStream().anyMatch(TemplateArguments::isIn);
  }

  private static void collect(JsonNode node, String path, List<Source> found, Violations wrong) {
    if (wrong.full()) {
      return;
    }
    if (node.isString() && Template.isIn(node.asString())) {
      try {
        for (Part part : Template.parse(node.asString()).parts()) {
          if (part instanceof Reference reference) {
            found.add(reference.source());
          }
        }
      } catch (TemplateException e) {
        wrong.add(path, String.valueOf(e.getMessage()));
      }
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        collect(array.get(i), path + "/" + i, found, wrong);
      }
    } else if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> entry : object.properties()) {
        collect(entry.getValue(), path + "/" + Pointers.escaped(entry.getKey()), found, wrong);
      }
    }
  }

  /**
   * The arguments with all values filled in.
   *
   * @throws TemplateException if a reference points to nothing, or the arguments get too large
   */
  public JsonNode filled(JsonNode node) {
    return filled(node, _ -> false);
  }

  /**
   * The arguments with all values filled in, some of them as JSON text.
   *
   * @param asText whether the value at this path, a JSON Pointer from the root, becomes a string
   */
  public JsonNode filled(JsonNode node, Predicate<String> asText) {
    return filled(node, "", asText);
  }

  private JsonNode filled(JsonNode node, String path, Predicate<String> asText) {
    return switch (node) {
      case StringNode text when Template.isIn(text.asString()) ->
          value(text.asString(), path, asText);
      case ObjectNode object -> {
        ObjectNode filled = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
          String name = entry.getKey();
          filled.set(name, filled(entry.getValue(), path + "/" + Pointers.escaped(name), asText));
        }
        yield filled;
      }
      case ArrayNode array -> {
        ArrayNode filled = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < array.size(); i++) {
          filled.add(filled(array.get(i), path + "/" + i, asText));
        }
        yield filled;
      }
      default -> node;
    };
  }

  private JsonNode value(String text, String path, Predicate<String> asText) {
    List<Part> parts = Template.parse(text).parts();
    if (parts.size() == 1 && parts.getFirst() instanceof Reference reference) {
      JsonNode found = found(reference);
      if (found.isString() || found.isNull()) {
        count(found.asString(""));
        return found;
      }
      String words = found.toString();
      count(words);
      return asText.test(path) ? JsonNodeFactory.instance.stringNode(words) : found;
    }
    StringBuilder filled = new StringBuilder();
    for (Part part : parts) {
      switch (part) {
        case Text plain -> filled.append(plain.text());
        case Reference reference -> {
          JsonNode found = found(reference);
          String words = found.isString() ? found.asString() : found.toString();
          count(words);
          filled.append(words);
        }
      }
    }
    return JsonNodeFactory.instance.stringNode(filled.toString());
  }

  private JsonNode found(Reference reference) {
    JsonNode found = values.apply(reference.source()).at(reference.pointer());
    if (found.isMissingNode()) {
      throw new TemplateException(
          reference.text()
              + " finds nothing: the result has no "
              + TemplateException.shown(reference.pointer().toString())
              + ". Correct the pointer, or read the step's result to see what it has.");
    }
    return found;
  }

  private void count(String put) {
    chars += put.length();
    if (chars > MOST_CHARS) {
      throw new TemplateException(
          "The arguments become larger than "
              + MOST_CHARS
              + " characters with what the templates put in. Refer to a part of the result with a"
              + " JSON Pointer, or let the step before return less.");
    }
  }
}
