package dev.longhaul.intake.cache;

import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolCatalogue;
import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.IntakeProperties;
import dev.longhaul.intake.JobOptions;
import dev.longhaul.intake.Refusal;
import dev.longhaul.intake.Submission;
import dev.longhaul.intake.cache.CacheStatistics.Kind;
import dev.longhaul.queue.AnswerStore.Place;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Decides whether a call's answer may be kept, and where. */
final class CallPlans {
  private static final String TOOLS_CALL = "tools/call";

  /** For clocks that differ and messages that are late. */
  private static final Duration MARGIN = Duration.ofHours(1);

  private final ToolCatalogue tools;
  private final CachePredicates predicates;
  private final ResourceRules resources;
  private final CallKeys keys;
  private final IntakeProperties limits;

  CallPlans(
      ToolCatalogue tools,
      CachePredicates predicates,
      ResourceRules resources,
      CallKeys keys,
      IntakeProperties limits) {
    this.tools = tools;
    this.predicates = predicates;
    this.resources = resources;
    this.keys = keys;
    this.limits = limits;
  }

  /** A call of a tool; empty if its answer may not be kept. */
  Optional<CachedCall> tool(Submission asked) {
    if (!asked.method().equals(TOOLS_CALL) || !canShare(asked.options())) {
      return Optional.empty();
    }
    JsonNode name = asked.params().path("name");
    Submission submission = tools.find(name.asString("")).map(asked::withoutNulls).orElse(asked);
    JsonNode given = submission.params().path("arguments");
    if (!name.isString() || !(given.isObject() || given.isMissingNode() || given.isNull())) {
      return Optional.empty(); // refused by whoever looks next
    }
    Tool tool = tools.find(name.asString()).orElse(null);
    if (tool == null || tool.policy().cache() == null || tool.policy().internal()) {
      return Optional.empty();
    }
    ObjectNode arguments =
        given instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
    return tool.policy().cacheRules().allow(arguments) && predicates.allow(tool.name(), arguments)
        ? Optional.of(call(submission, tool, tool.policy().cache()))
        : Optional.empty();
  }

  private CachedCall call(Submission submission, Tool tool, Duration life) {
    Place place = place(tool, submission);
    return new CachedCall(Kind.TOOL, place, keys.run(submission, place), life, longest(tool));
  }

  private Place place(Tool tool, Submission submission) {
    return keys.tool(tool.name(), submission, tool.policy().cacheRules().scope());
  }

  private Duration longest(Tool tool) {
    Duration start =
        limits.maxDeadline().compareTo(limits.retryUntil()) > 0
            ? limits.maxDeadline()
            : limits.retryUntil();
    return start.plus(tool.policy().timeout()).plus(limits.maxTimeout());
  }

  /**
   * The same call, after it was found that its answer may be kept.
   *
   * @param run what it was run as then
   * @param variant of its answers
   */
  Optional<CachedCall> again(Submission submission, String run, String variant) {
    Tool tool = tools.find(submission.params().path("name").asString("")).orElse(null);
    return tool == null || tool.policy().cache() == null
        ? Optional.empty()
        : Optional.of(
            new CachedCall(
                Kind.TOOL,
                place(tool, submission).as(variant),
                run,
                tool.policy().cache(),
                longest(tool)));
  }

  /**
   * Where the answer to a call is or would be kept.
   *
   * @throws IntakeException {@link Refusal.UnknownTool} if there is no such tool
   */
  Place place(String tool, Submission submission) {
    return place(known(tool), submission);
  }

  private Tool known(String tool) {
    return tools.find(tool).orElseThrow(() -> new IntakeException(new Refusal.UnknownTool(tool)));
  }

  /**
   * How long an answer of the tool that is kept or made now could still come.
   *
   * @throws IntakeException {@link Refusal.UnknownTool} if there is no such tool
   */
  Duration remembered(String tool) {
    Tool known = known(tool);
    Duration life = known.policy().cache();
    return (life == null ? Duration.ZERO : life).plus(longest(known)).plus(MARGIN);
  }

  /** The same of a resource; empty if it is never kept. */
  Optional<Duration> rememberedResource(String uri) {
    return resources.of(uri).map(rule -> rule.time().plus(MARGIN));
  }

  /** A reading of a resource; empty if no rule says that it may be kept. */
  Optional<CachedCall> resource(Submission submission, Duration timeout) {
    String uri = submission.params().path("uri").asString("");
    return resources
        .of(uri)
        .map(rule -> {
          Place place = keys.resource(uri, submission, rule.scope());
          return new CachedCall(
              Kind.RESOURCE,
              place,
              keys.run(submission, place),
              rule.time(),
              timeout.plus(timeout));
        });
  }

  /**
   * Whether a call may be given another's answer, or share its run: only where nothing is asked for
   * that needs a job of its own, such as a key, a delay, a deadline or a callback. What this room
   * does not know needs one.
   */
  private static boolean canShare(JobOptions options) {
    return options.equals(
        JobOptions.builder()
            .priority(options.priority())
            .queue(options.queue())
            .timeout(options.timeout())
            .maxAttempts(options.maxAttempts())
            .backoff(options.backoff())
            .concurrency(options.concurrency())
            .rate(options.rate())
            .noCache(options.noCache())
            .build());
  }
}
