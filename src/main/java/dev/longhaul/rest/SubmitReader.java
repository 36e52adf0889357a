package dev.longhaul.rest;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.CallerResolver;
import dev.longhaul.intake.JobOptions;
import dev.longhaul.intake.OptionsReader;
import dev.longhaul.intake.Submission;
import dev.longhaul.schema.Violations;
import dev.longhaul.tool.Client;
import jakarta.servlet.http.HttpServletRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Turns the body of {@code POST /jobs} into a submission, and names everything wrong with it. */
final class SubmitReader {
  private static final String KEY = "idempotency_key";
  private static final String BRIEF = SubmitReader.class.getName() + ".brief";
  private static final String ONE_FORM = "give tool and arguments, or method and params";
  private static final Set<String> FIELDS =
      Stream.concat(
              OptionsReader.NAMES.stream(),
              Stream.of("method", "params", "tool", "arguments", "held", "metadata"))
          .collect(Collectors.toUnmodifiableSet());

  private final ObjectNode body;
  private final @Nullable String keyHeader;
  private final Violations violations = new Violations();

  private SubmitReader(ObjectNode body, @Nullable String keyHeader) {
    this.body = body;
    this.keyHeader = keyHeader;
  }

  /** Reads it. */
  static Submission read(ObjectNode body, HttpServletRequest request, CallerResolver callers) {
    request.setAttribute(BRIEF, body.has("tool"));
    return new SubmitReader(body, IdempotencyHeader.of(request))
        .submission(callers.resolve(request));
  }

  /** Where the arguments stand in the body that was read of the request. */
  static String arguments(HttpServletRequest request) {
    return Boolean.TRUE.equals(request.getAttribute(BRIEF)) ? "/arguments" : "/params/arguments";
  }

  private Submission submission(Caller caller) {
    for (String name : body.propertyNames()) {
      if (violations.full()) {
        break;
      }
      if (!FIELDS.contains(name)) {
        wrong(name, violations.unknown(name, FIELDS));
      }
    }
    boolean brief = body.has("tool");
    String method = brief ? Submission.TOOLS_CALL : method();
    ObjectNode params = brief ? call() : params();
    OptionsReader reader = new OptionsReader(body::get);
    JobOptions.Builder options = reader.read().held(held()).metadata(metadata());
    reader.violations().forEach(v -> violations.add("/" + v.path(), v.message()));
    key(options);
    if (!violations.none() || method == null || params == null) {
      throw new BadRequestException(violations);
    }
    return new Submission(caller, method, params, options.build(), Client.NONE);
  }

  private @Nullable String method() {
    JsonNode node = body.get("method");
    if (node != null && node.isString()) {
      return node.asString();
    }
    wrong(
        "method",
        "required: the MCP method to run, such as \"resources/read\", with its \"params\"; or, to"
            + " call a tool, give \"tool\" and \"arguments\"");
    return null;
  }

  private @Nullable ObjectNode params() {
    if (body.has("arguments")) {
      wrong("arguments", "belongs to \"tool\", or into \"params\"");
    }
    if (body.get("params") instanceof ObjectNode object) {
      return object;
    }
    wrong("params", "required: an object, for tools/call with \"name\" and \"arguments\"");
    return null;
  }

  private @Nullable ObjectNode call() {
    for (String other : List.of("method", "params")) {
      if (body.has(other)) {
        wrong(other, ONE_FORM);
      }
    }
    if (!body.path("tool").isString()) {
      wrong("tool", "must be the name of a tool");
      return null;
    }
    JsonNode arguments = given("arguments");
    if (arguments != null && !arguments.isObject()) {
      wrong("arguments", "must be an object");
      return null;
    }
    ObjectNode params = JsonNodeFactory.instance.objectNode();
    params.set("name", body.get("tool"));
    if (arguments != null) {
      params.set("arguments", arguments);
    }
    return params;
  }

  private boolean held() {
    JsonNode node = given("held");
    if (node != null && !node.isBoolean()) {
      wrong("held", "must be true or false");
    }
    return node != null && node.isBoolean() && node.booleanValue();
  }

  /** Two keys would name two jobs. */
  private void key(JobOptions.Builder options) {
    if (keyHeader == null) {
      return;
    }
    JsonNode node = given(KEY);
    if (node != null && node.isString() && !node.asString().equals(keyHeader)) {
      wrong(KEY, "differs from the header " + IdempotencyHeader.NAME + "; give one of them");
    }
    options.idempotencyKey(keyHeader);
  }

  private Map<String, String> metadata() {
    JsonNode node = given("metadata");
    if (node == null) {
      return Map.of();
    }
    Map<String, String> metadata = new HashMap<>();
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> entry : object.properties()) {
        if (violations.full()) {
          break;
        }
        if (entry.getValue().isString()) {
          metadata.put(entry.getKey(), entry.getValue().asString());
        } else {
          wrong("metadata/" + escaped(entry.getKey()), "must be a string");
        }
      }
    } else {
      wrong("metadata", "must be an object of strings");
    }
    return metadata;
  }

  /** The field, or null if it is absent or null. */
  private @Nullable JsonNode given(String name) {
    JsonNode node = body.get(name);
    return node == null || node.isNull() ? null : node;
  }

  private void wrong(String name, String message) {
    violations.add(
        "/" + (FIELDS.contains(name) || name.startsWith("metadata/") ? name : escaped(name)),
        message);
  }

  private static String escaped(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }
}
