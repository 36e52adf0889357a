package dev.longhaul.worker;

import dev.longhaul.catalog.ResultValue;
import dev.longhaul.catalog.ServedMethods;
import dev.longhaul.catalog.Template;
import dev.longhaul.catalog.TemplateArguments;
import dev.longhaul.catalog.TemplateException;
import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolCatalogue;
import dev.longhaul.job.FlowRef;
import dev.longhaul.job.JobId;
import dev.longhaul.job.Outcome;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.FlowQueue;
import dev.longhaul.queue.FlowView;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.schema.OptionalNulls;
import dev.longhaul.schema.Violation;
import dev.longhaul.tool.InvalidParamsException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Fills the results of earlier steps into the arguments of a step just before it starts. The
 * results are read from the store, so every worker and every attempt gets the same.
 */
final class StepArguments {
  private final JobQueue jobs;
  private final FlowQueue flows;
  private final ToolCatalogue tools;
  private final ServedMethods methods;
  private final JsonMapper json;

  StepArguments(
      JobQueue jobs, FlowQueue flows, ToolCatalogue tools, ServedMethods methods, JsonMapper json) {
    this.jobs = jobs;
    this.flows = flows;
    this.tools = tools;
    this.methods = methods;
    this.json = json;
  }

  /**
   * Fills in the results.
   *
   * @throws TemplateException if a result lacks the requested value, or the filled arguments
   *     violate the tool's schema; a retry would not help
   */
  void fill(Tool tool, Claim claim, ObjectNode params) {
    if (claim.flow() == null) {
      throw new TemplateException(
          "This job was replayed outside its batch or chain, but takes values from it. Submit it"
              + " anew with the values themselves, or submit the whole batch or chain.");
    }
    if (claim.tool() != null) {
      params.set("arguments", filled(tool, claim.flow(), params.path("arguments")));
    } else {
      ObjectNode filled = filled(claim.method(), claim.flow(), params);
      params.removeAll();
      params.setAll(filled);
    }
  }

  private ObjectNode filled(String method, FlowRef at, ObjectNode params) {
    var sources = new StepSources(at);
    var filled =
        (ObjectNode) new TemplateArguments(source -> sources.value(source).value()).filled(params);
    Optional<String> problem = problem(method, filled);
    if (problem.isPresent() && sources.ambiguous) {
      // As with a tool's arguments: where a string is required, the result is used as text.
      var texts =
          (ObjectNode) new TemplateArguments(source -> sources.value(source).text()).filled(params);
      if (problem(method, texts).isEmpty()) {
        return texts;
      }
    }
    if (problem.isPresent()) {
      var json =
          (ObjectNode)
              new TemplateArguments(source -> sources.value(source).value())
                  .filled(params, _ -> true);
      if (problem(method, json).isEmpty()) {
        return json;
      }
      throw new TemplateException(
          "With the results of earlier steps the params are not valid for "
              + method
              + ": "
              + problem.get());
    }
    return filled;
  }

  private Optional<String> problem(String method, ObjectNode params) {
    try {
      var _ = methods.checked(method, params);
      return Optional.empty();
    } catch (InvalidParamsException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private JsonNode filled(Tool tool, FlowRef at, JsonNode arguments) {
    var sources = new StepSources(at);
    JsonNode filled =
        given(
            tool, new TemplateArguments(source -> sources.value(source).value()).filled(arguments));
    List<Violation> violations = tools.violations(tool, filled);
    if (!violations.isEmpty() && sources.ambiguous) {
      // A result such as "4711" was parsed as a number; a tool that requires a string gets the
      // text.
      JsonNode texts =
          given(
              tool,
              new TemplateArguments(source -> sources.value(source).text()).filled(arguments));
      if (tools.violations(tool, texts).isEmpty()) {
        return texts;
      }
    }
    if (!violations.isEmpty()) {
      // A tool that requires a string gets an object or array as JSON text.
      JsonNode json =
          given(
              tool,
              new TemplateArguments(source -> sources.value(source).value())
                  .filled(arguments, path -> violations.stream().anyMatch(v -> isWithin(v, path))));
      if (tools.violations(tool, json).isEmpty()) {
        return json;
      }
      throw new TemplateException(
          "With the results of earlier steps the arguments violate the schema of the tool "
              + tool.name()
              + ": "
              + String.join(
                  "; ", violations.stream().map(v -> v.path() + ": " + v.message()).toList()));
    }
    return filled;
  }

  private static JsonNode given(Tool tool, JsonNode filled) {
    return filled instanceof ObjectNode arguments && !tool.ofUpstream()
        ? OptionalNulls.dropped(tool.description().path("inputSchema"), arguments)
        : filled;
  }

  private static boolean isWithin(Violation violation, String path) {
    return violation.path().equals(path) || violation.path().startsWith(path + "/");
  }

  /** The results that one step or callback can use, read when first needed. */
  private final class StepSources {
    private final FlowRef at;
    private final Map<Integer, ResultValue> read = new HashMap<>();
    private boolean ambiguous;

    StepSources(FlowRef at) {
      this.at = at;
    }

    ResultValue value(Template.Source source) {
      return switch (source) {
        case Template.Previous _ -> step(at.index() < 0 ? last() : at.index() - 1);
        case Template.Step step -> step(step.number() - 1);
        case Template.OfFlow _ -> flow();
      };
    }

    private int last() {
      return Objects.requireNonNullElse(view().counts().total(), 0) - 1;
    }

    private ResultValue step(int index) {
      if (index < 0 || (at.index() >= 0 && index >= at.index())) {
        throw new TemplateException("There is no step " + (index + 1) + " before this one.");
      }
      ResultValue value = read.computeIfAbsent(index, this::result);
      ambiguous |= !value.value().equals(value.text());
      return value;
    }

    private ResultValue result(int index) {
      JobId id = new FlowRef(at.flow(), index).job();
      Outcome outcome =
          jobs.outcome(id)
              .orElseThrow(() ->
                  new TemplateException(
                      "The result of step "
                          + (index + 1)
                          + " is no longer kept: more than longhaul.results.ttl has passed, or less"
                          + " if it is large. Raise that time, or let the step return less."));
      if (outcome instanceof Outcome.Answered answered && !answered.isError()) {
        return ResultValue.of((ObjectNode) json.readTree(answered.json()));
      }
      throw new TemplateException("Step " + (index + 1) + " has no result: it did not complete.");
    }

    private ResultValue flow() {
      FlowView view = view();
      ObjectNode value = json.createObjectNode();
      value.put("id", view.id().value()).put("kind", view.kind().wire()).put("name", view.name());
      value.put("state", view.state().wire()).put("total", view.counts().total());
      value.put("completed", view.counts().completed()).put("failed", view.counts().failed());
      value.put("cancelled", view.counts().cancelled());
      return new ResultValue(value, value);
    }

    private FlowView view() {
      return flows
          .find(at.flow())
          .orElseThrow(() -> new TemplateException("The batch or chain is no longer known."));
    }
  }
}
