package dev.longhaul.intake.flow;

import dev.longhaul.catalog.TemplateArguments;
import dev.longhaul.intake.JobOptions;
import dev.longhaul.intake.OptionsReader;
import dev.longhaul.intake.flow.FlowDefinition.Call;
import dev.longhaul.schema.Violations;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads one job of a batch or chain: as {@code POST /jobs} takes it, with method and params, or
 * shorter with tool and arguments. What a batch decides itself is refused by name.
 */
final class CallReader {
  /** Of the whole, not of one of its jobs. */
  private static final String QUEUE = "queue";

  private static final String KEY = "idempotency_key";
  private static final Set<String> FIELDS =
      Stream.concat(
              OptionsReader.NAMES.stream().filter(name -> !name.equals(KEY) && !name.equals(QUEUE)),
              Stream.of("method", "params", "tool", "arguments", "metadata"))
          .collect(Collectors.toUnmodifiableSet());
  // They are counted from now, and nobody knows when the job's turn will come.
  private static final Set<String> TIMES = Set.of("run_at", "retry_until");

  private final Violations violations;
  private final boolean startsLater;

  /**
   * @param startsLater whether the jobs start when something else has happened
   */
  CallReader(Violations violations, boolean startsLater) {
    this.violations = violations;
    this.startsLater = startsLater;
  }

  /**
   * Reads it.
   *
   * @param more names of further fields that somebody else reads
   * @return null if it is no job; then a violation says why
   */
  @Nullable Call read(@Nullable JsonNode node, String path, Set<String> more) {
    if (!(node instanceof ObjectNode body)) {
      violations.add(path, "must be an object: a job with \"tool\" and \"arguments\"");
      return null;
    }
    for (String name : body.propertyNames()) {
      if (violations.full()) {
        return null;
      }
      if (!FIELDS.contains(name) && !more.contains(name)) {
        violations.add(path + "/" + escaped(name), unknown(name));
      } else if (startsLater && TIMES.contains(name)) {
        violations.add(
            path + "/" + name,
            "this job starts when its turn comes; give delay_seconds or deadline_seconds, which"
                + " count from then");
      }
    }
    OptionsReader reader = new OptionsReader(name -> name.equals(KEY) ? null : body.get(name));
    JobOptions.Builder options = reader.read().metadata(metadata(body, path));
    reader.violations().forEach(v -> violations.add(path + "/" + v.path(), v.message()));
    boolean brief = body.hasNonNull("tool");
    ObjectNode params = brief ? brief(body, path) : params(body, path);
    return params == null
        ? null
        : new Call(path, brief, method(body, path, brief), params, options.build());
  }

  private String method(ObjectNode body, String path, boolean brief) {
    JsonNode method = body.get("method");
    if (method == null || method.isNull()) {
      return "tools/call";
    }
    if (!method.isString() || brief) {
      violations.add(
          path + "/method",
          brief ? "give tool and arguments, or method and params" : "must be a string");
    }
    return method.asString("");
  }

  private @Nullable ObjectNode params(ObjectNode body, String path) {
    if (body.hasNonNull("arguments")) {
      violations.add(path + "/arguments", "belongs to \"tool\", or into \"params\"");
    }
    if (body.get("params") instanceof ObjectNode params) {
      ObjectNode copy = JsonNodeFactory.instance.objectNode();
      copy.setAll(params);
      copy.remove(TemplateArguments.FIELD); // a note of our own
      return copy;
    }
    violations.add(
        path, "needs \"tool\" and \"arguments\", or \"method\" and \"params\" as POST /jobs does");
    return null;
  }

  private @Nullable ObjectNode brief(ObjectNode body, String path) {
    if (body.hasNonNull("params")) {
      violations.add(path + "/params", "give tool and arguments, or method and params");
    }
    if (!body.path("tool").isString()) {
      violations.add(path + "/tool", "must be the name of a tool");
      return null;
    }
    ObjectNode params = JsonNodeFactory.instance.objectNode();
    params.set("name", body.get("tool"));
    if (body.hasNonNull("arguments")) {
      params.set("arguments", body.get("arguments"));
    }
    return params;
  }

  private Map<String, String> metadata(ObjectNode body, String path) {
    JsonNode node = body.get("metadata");
    Map<String, String> metadata = new HashMap<>();
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> entry : object.properties()) {
        if (violations.full()) {
          break;
        }
        if (entry.getValue().isString()) {
          metadata.put(entry.getKey(), entry.getValue().asString());
        } else {
          violations.add(path + "/metadata/" + escaped(entry.getKey()), "must be a string");
        }
      }
    } else if (node != null && !node.isNull()) {
      violations.add(path + "/metadata", "must be an object of strings");
    }
    return metadata;
  }

  private static String unknown(String name) {
    return switch (name) {
      case KEY -> "has no meaning for one job of many; give it to the whole, beside its jobs";
      case "held" -> "the whole decides when its jobs start, so none of them can be held";
      case QUEUE -> "give it to the whole, beside its jobs";
      default -> "unknown; a job has " + FIELDS.stream().sorted().collect(Collectors.joining(", "));
    };
  }

  static String escaped(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }
}
