package dev.longhaul.intake.request;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Replaces {@code oneOf} between forms of an object by {@code if}, {@code then} and {@code else},
 * so that only violations of one form are reported. A value has a form if it has the first property
 * that the form requires.
 */
final class Conditions {
  private Conditions() {}

  /** Changes the schema in place. */
  static void decide(ObjectNode schema) {
    schema.path("properties").forEach(Conditions::within);
    within(schema.path("items"));
    List<ObjectNode> forms = new ArrayList<>();
    collect(schema, forms);
    if (forms.isEmpty()) {
      return;
    }
    schema.remove("oneOf");
    List<List<String>> own = forms.stream().map(form -> own(form, forms)).toList();
    String choice =
        own.stream()
            .filter(names -> !names.isEmpty())
            .map(names -> String.join(" and ", names))
            .collect(Collectors.joining(", or "));
    ObjectNode here = schema;
    boolean last = !schema.has("errorMessage");
    for (int i = 0; i < forms.size(); i++) {
      ObjectNode form = forms.get(i);
      ObjectNode refused = JsonNodeFactory.instance.objectNode();
      own.stream()
          .flatMap(List::stream)
          .filter(name -> !form.path("properties").has(name))
          .forEach(name -> refused.put(name, "give " + choice));
      form.path("refused").properties().forEach(e -> refused.set(e.getKey(), e.getValue()));
      form.set("refused", refused);
      decide(form);
      if (last && i == forms.size() - 1) {
        here.setAll(form);
      } else {
        here.putObject("if").putArray("required").add(form.path("required").path(0));
        here.set("then", form);
        here = here.putObject("else");
      }
    }
    if (!last) {
      here.setAll(anyOf(forms));
      var _ = here.putObject("not");
    }
  }

  /** The properties of all forms, by which a value that has none of the forms is checked. */
  private static ObjectNode anyOf(List<ObjectNode> forms) {
    ObjectNode any = JsonNodeFactory.instance.objectNode();
    ObjectNode properties = any.putObject("properties");
    for (ObjectNode form : forms.reversed()) {
      form.path("properties")
          .properties()
          .forEach(entry -> properties.set(entry.getKey(), entry.getValue()));
    }
    ObjectNode first = forms.getFirst();
    for (String keyword : List.of("additionalProperties", "refused")) {
      if (first.has(keyword)) {
        any.set(keyword, first.path(keyword));
      }
    }
    return any;
  }

  private static void within(JsonNode node) {
    if (node instanceof ObjectNode schema) {
      decide(schema);
    }
  }

  private static void collect(JsonNode schema, List<ObjectNode> forms) {
    for (JsonNode form : schema.path("oneOf")) {
      if (form.has("oneOf")) {
        collect(form, forms);
      } else if (form.has("properties")) {
        forms.add((ObjectNode) form);
      }
    }
  }

  /** The names that only this form has. */
  private static List<String> own(ObjectNode form, List<ObjectNode> forms) {
    return form.path("properties").propertyNames().stream()
        .filter(name ->
            forms.stream()
                .noneMatch(other -> !other.equals(form) && other.path("properties").has(name)))
        .toList();
  }
}
