package dev.longhaul.intake.cache;

import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolCatalogue;
import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.IntakeProperties;
import dev.longhaul.intake.JobOptions;
import dev.longhaul.intake.Refusal;
import dev.longhaul.intake.Submission;
import dev.longhaul.intake.cache.CacheStatistics.Kind;
import dev.longhaul.job.CacheKey;
import dev.longhaul.schema.NearestName;
import dev.longhaul.tool.CachePredicate;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Decides which calls' results may be cached, under which key and for how long. */
final class CacheableCalls {
  private static final Logger log = LoggerFactory.getLogger(CacheableCalls.class);

  /** Allows for clock differences and late messages. */
  private static final Duration MARGIN = Duration.ofHours(1);

  private final ToolCatalogue tools;
  private final List<CachePredicate> predicates;
  private final CacheProperties properties;
  private final CacheKeys keys;
  private final IntakeProperties limits;

  /**
   * A call whose result may be cached.
   *
   * @param flight equal for calls that may share a run, which are those of one owner with the same
   *     options
   * @param life how long the result may be used
   * @param longest how long a run can take, including waiting
   */
  record CacheableCall(Kind kind, CacheKey key, String flight, Duration life, Duration longest) {}

  CacheableCalls(
      ToolCatalogue tools,
      List<CachePredicate> predicates,
      CacheProperties properties,
      CacheKeys keys,
      IntakeProperties limits) {
    this.tools = tools;
    this.predicates = List.copyOf(predicates);
    this.properties = properties;
    this.keys = keys;
    this.limits = limits;
  }

  /** Fails the start of the application if a predicate names a tool that does not exist. */
  void checkPredicates() {
    List<String> served = tools.all().stream().map(Tool::name).toList();
    for (CachePredicate predicate : predicates) {
      for (String name : predicate.tools()) {
        // The tools of upstreams are not known yet; predicates name them by their identity.
        if (!served.contains(name) && name.indexOf('/') < 0) {
          throw new IllegalStateException(
              "A CachePredicate names the tool "
                  + name
                  + ", which is "
                  + NearestName.unknown(name, served));
        }
      }
    }
  }

  /** The cacheable call of a tool; empty if its result may not be cached. */
  Optional<CacheableCall> tool(Submission asked) {
    JsonNode name = asked.params().path("name");
    if (!asked.callsTool() || !name.isString() || !canShare(asked.options())) {
      return Optional.empty();
    }
    Tool tool = tools.find(name.asString()).orElse(null);
    Duration life = tool == null ? null : tool.policy().cache();
    if (tool == null || life == null || tool.policy().internal()) {
      return Optional.empty();
    }
    Submission submission = asked.withoutNulls(tool);
    JsonNode arguments = submission.params().path("arguments");
    if (arguments.isMissingNode() || arguments.isNull()) {
      arguments = JsonNodeFactory.instance.objectNode();
    }
    if (!(arguments instanceof ObjectNode object) || !allowed(tool, object)) {
      return Optional.empty();
    }
    CacheKey key = key(tool, submission);
    return Optional.of(
        new CacheableCall(Kind.TOOL, key, keys.flight(submission, key), life, longest(tool)));
  }

  private boolean allowed(Tool tool, ObjectNode arguments) {
    return tool.policy().cacheRules().allow(arguments)
        && predicates.stream()
            .filter(predicate -> predicate.tools().contains(tool.id()))
            .allMatch(predicate -> allows(predicate, tool.id(), arguments));
  }

  private static boolean allows(CachePredicate predicate, String tool, ObjectNode arguments) {
    try {
      return predicate.cacheable(tool, arguments);
    } catch (RuntimeException e) {
      log.warn("A CachePredicate of tool {} failed; the result is not cached", tool, e);
      return false;
    }
  }

  /** The cacheable reading of a resource; empty if no rule matches its URI. */
  Optional<CacheableCall> resource(Submission submission, Duration timeout) {
    String uri = submission.params().path("uri").asString("");
    return properties
        .rule(uri)
        .map(rule -> {
          CacheKey key = keys.resource(uri, submission, rule.scope());
          return new CacheableCall(
              Kind.RESOURCE,
              key,
              keys.flight(submission, key),
              rule.time(),
              timeout.multipliedBy(2));
        });
  }

  /**
   * The key of a call of a tool.
   *
   * @throws IntakeException {@link Refusal.UnknownTool} if there is no such tool
   */
  CacheKey key(String tool, Submission submission) {
    return key(known(tool), submission);
  }

  private CacheKey key(Tool tool, Submission submission) {
    return keys.tool(tool.id(), submission, tool.policy().cacheRules().scope());
  }

  private Tool known(String tool) {
    return tools.named(tool).orElseThrow(() -> new IntakeException(new Refusal.UnknownTool(tool)));
  }

  /**
   * The identity of a tool.
   *
   * @throws IntakeException {@link Refusal.UnknownTool} if there is no such tool
   */
  String id(String tool) {
    return known(tool).id();
  }

  /**
   * How long an invalidation of a tool must be stored, so that no run that began before it caches
   * its result.
   *
   * @throws IntakeException {@link Refusal.UnknownTool} if there is no such tool
   */
  Duration remembered(String tool) {
    Tool known = known(tool);
    Duration life = Objects.requireNonNullElse(known.policy().cache(), Duration.ZERO);
    return longest(known).plus(life).plus(MARGIN);
  }

  /** The same for a resource; empty if it is never cached. */
  Optional<Duration> rememberedResource(String uri) {
    return properties.rule(uri).map(rule -> rule.time().plus(MARGIN));
  }

  private Duration longest(Tool tool) {
    Duration start =
        limits.maxDeadline().compareTo(limits.retryUntil()) > 0
            ? limits.maxDeadline()
            : limits.retryUntil();
    return start.plus(tool.policy().timeout()).plus(limits.maxTimeout());
  }

  /**
   * Whether a call may share the result or the run of another one. It may not if an option needs a
   * separate job, such as an idempotency key, a delay, a deadline or a callback. Options not listed
   * here prevent sharing, so that a new one does by default.
   */
  private static boolean canShare(JobOptions options) {
    return options.equals(
        JobOptions.builder()
            .priority(options.priority())
            .queue(options.queue())
            .timeout(options.attempts().timeout())
            .maxAttempts(options.attempts().max())
            .backoff(options.attempts().backoff())
            .concurrency(options.concurrency())
            .rate(options.rate())
            .noCache(options.noCache())
            .build());
  }
}
