package dev.longhaul.intake.flow;

import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.JobOptions;
import dev.longhaul.intake.OptionsReader;
import dev.longhaul.intake.flow.FlowDefinition.Call;
import dev.longhaul.intake.flow.FlowDefinition.Webhook;
import dev.longhaul.job.FlowCallback;
import dev.longhaul.queue.FlowKind;
import dev.longhaul.schema.Violations;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads a batch or chain, and names everything wrong with its shape. */
final class FlowReader {
  private static final int MAX_NAME = 200;
  private static final Set<String> BATCH =
      Set.of(
          "name",
          "queue",
          "jobs",
          "chunk",
          "then",
          "catch",
          "finally",
          "allow_failures",
          OptionsReader.CALLBACK_URL,
          OptionsReader.NOTIFY);
  private static final Set<String> CHAIN =
      Set.of(
          "name",
          "queue",
          "steps",
          "then",
          "catch",
          "finally",
          OptionsReader.CALLBACK_URL,
          OptionsReader.NOTIFY);
  private static final Set<String> TOLD = Set.of(OptionsReader.CALLBACK_URL, OptionsReader.NOTIFY);
  private static final Set<String> CALLBACKS =
      Arrays.stream(FlowCallback.values())
          .map(FlowCallback::wire)
          .collect(Collectors.toUnmodifiableSet());
  private static final Set<String> NOTHING = Set.of();

  private final FlowKind kind;
  private final ObjectNode body;
  private final FlowLimits limits;
  private final Violations violations = new Violations();

  private FlowReader(FlowKind kind, ObjectNode body, FlowLimits limits) {
    this.kind = kind;
    this.body = body;
    this.limits = limits;
  }

  static FlowDefinition read(FlowKind kind, ObjectNode body, FlowLimits limits) {
    return new FlowReader(kind, body, limits).definition();
  }

  private FlowDefinition definition() {
    Set<String> known = kind == FlowKind.BATCH ? BATCH : CHAIN;
    for (String name : body.propertyNames()) {
      if (violations.full()) {
        break;
      }
      if (!known.contains(name)) {
        violations.add(
            "/" + CallReader.escaped(name),
            name.equals("allow_failures")
                ? "a chain cannot allow failures: each step needs the one before"
                : "unknown; a "
                    + kind.wire()
                    + " has "
                    + String.join(", ", known.stream().sorted().toList()));
      }
    }
    List<Call> jobs = kind == FlowKind.BATCH ? jobs() : steps();
    Map<FlowCallback, List<Call>> callbacks = new EnumMap<>(FlowCallback.class);
    Map<FlowCallback, List<Webhook>> webhooks = new EnumMap<>(FlowCallback.class);
    for (FlowCallback which : FlowCallback.values()) {
      List<Webhook> urls = webhooks(which.wire());
      List<Call> calls =
          list(which.wire(), FlowCallback.MOST, "", new CallReader(violations, true));
      if (!calls.isEmpty()) {
        callbacks.put(which, calls);
      }
      if (!urls.isEmpty()) {
        webhooks.put(which, urls);
      }
    }
    OptionsReader told = new OptionsReader(name -> TOLD.contains(name) ? body.get(name) : null);
    JobOptions options = told.read().build();
    told.violations().forEach(v -> violations.add("/" + v.path(), v.message()));
    var definition =
        new FlowDefinition(
            kind,
            name(),
            allowFailures(),
            queue(),
            jobs,
            callbacks,
            webhooks,
            options.callbackUrl(),
            options.channels());
    if (!violations.none()) {
      throw new IntakeException.InvalidFlow(true, violations.list());
    }
    return definition;
  }

  private List<Call> jobs() {
    boolean chunked = given("chunk") != null;
    if (chunked == (given("jobs") != null)) {
      violations.add(
          "",
          "needs either \"jobs\", a list of jobs, or \"chunk\", one job with a list to be divided");
      return List.of();
    }
    CallReader calls = new CallReader(violations, false);
    return chunked
        ? new ChunkReader(calls, violations, limits.maxJobs()).read(body.get("chunk"))
        : atLeastOne(
            "jobs", list("jobs", limits.maxJobs(), "longhaul.flows.request.max-jobs", calls));
  }

  private List<Call> steps() {
    return atLeastOne(
        "steps",
        list(
            "steps",
            limits.maxSteps(),
            "longhaul.flows.request.max-steps",
            new CallReader(violations, true)));
  }

  private List<Call> atLeastOne(String field, List<Call> calls) {
    if (calls.isEmpty() && violations.none()) {
      violations.add("/" + field, "required: a list of at least one job");
    }
    return calls;
  }

  private List<Call> list(String field, int most, String setting, CallReader reader) {
    JsonNode node = given(field);
    if (node == null) {
      return List.of();
    }
    if (!(node instanceof ArrayNode array)) {
      violations.add("/" + field, "must be a list of jobs");
      return List.of();
    }
    if (array.size() > most) {
      violations.add(
          "/" + field,
          "has "
              + array.size()
              + " jobs; at most "
              + most
              + " are allowed"
              + (setting.isEmpty()
                  ? ""
                  : " (" + setting + "). Submit several, or raise the limit"));
      return List.of();
    }
    List<Call> calls = new ArrayList<>(array.size());
    for (int i = 0; i < array.size() && !violations.full(); i++) {
      if (CALLBACKS.contains(field) && isWebhook(array.get(i))) {
        continue;
      }
      Call call = reader.read(array.get(i), "/" + field + "/" + i, NOTHING);
      if (call != null) {
        calls.add(call);
      }
    }
    return calls;
  }

  /** The callbacks of a kind that are no jobs: {@code {"callback_url": "https://…"}}. */
  private List<Webhook> webhooks(String field) {
    List<Webhook> urls = new ArrayList<>();
    if (body.get(field) instanceof ArrayNode array && array.size() <= FlowCallback.MOST) {
      for (int i = 0; i < array.size(); i++) {
        JsonNode entry = array.get(i);
        if (isWebhook(entry)) {
          String path = "/" + field + "/" + i + "/" + OptionsReader.CALLBACK_URL;
          OptionsReader reader = new OptionsReader(entry::get);
          String url = reader.read().build().callbackUrl();
          reader.violations().forEach(v -> violations.add(path, v.message()));
          if (url != null) {
            urls.add(new Webhook(path, url));
          } else if (reader.violations().isEmpty()) {
            violations.add(path, "required: where a signed POST tells of it");
          }
        }
      }
    }
    return urls;
  }

  private static boolean isWebhook(JsonNode entry) {
    return entry.hasNonNull(OptionsReader.CALLBACK_URL)
        && entry.valueStream().filter(value -> !value.isNull()).count() == 1;
  }

  private String name() {
    String name = text("name", MAX_NAME);
    return name == null ? kind.wire() : name;
  }

  private @Nullable String queue() {
    return text("queue", MAX_NAME);
  }

  private @Nullable String text(String field, int longest) {
    JsonNode node = given(field);
    if (node == null) {
      return null;
    }
    String text = node.isString() ? node.asString() : "";
    if (text.isBlank() || text.length() > longest) {
      violations.add("/" + field, "must be a string of 1 to " + longest + " characters");
    }
    return text;
  }

  private boolean allowFailures() {
    JsonNode node = given("allow_failures");
    if (node != null && !node.isBoolean()) {
      violations.add("/allow_failures", "must be true or false");
    }
    return kind == FlowKind.BATCH && node != null && node.isBoolean() && node.booleanValue();
  }

  private @Nullable JsonNode given(String name) {
    JsonNode node = body.get(name);
    return node == null || node.isNull() ? null : node;
  }
}
