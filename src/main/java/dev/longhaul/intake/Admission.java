package dev.longhaul.intake;

import dev.longhaul.catalog.JobHeaders;
import dev.longhaul.catalog.ServedMethods;
import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolCatalogue;
import dev.longhaul.catalog.ToolPolicy;
import dev.longhaul.intake.Refusal.BadRequest;
import dev.longhaul.job.CurrentTrace;
import dev.longhaul.job.IdempotencyKey;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.LocalPools;
import dev.longhaul.job.NotificationPlan;
import dev.longhaul.job.RequestContext;
import dev.longhaul.schema.Violation;
import dev.longhaul.tool.Client;
import dev.longhaul.tool.InvalidParamsException;
import dev.longhaul.tool.ResourceNotFoundException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Validates a submission and turns it into the request for a job, or refuses it. Nothing is stored
 * before that.
 */
public final class Admission {
  private final ToolCatalogue tools;
  private final ServedMethods methods;
  private final OptionLimits limits;
  private final NamedQueues queues;
  private final CurrentTrace trace;
  private final JsonMapper json;
  private final CanonicalCall canonical;
  private final NotificationTerms notifications;

  Admission(
      ToolCatalogue tools,
      ServedMethods methods,
      OptionLimits limits,
      NamedQueues queues,
      NotificationTerms notifications,
      CanonicalCall canonical,
      CurrentTrace trace,
      JsonMapper json) {
    this.trace = trace;
    this.tools = tools;
    this.methods = methods;
    this.limits = limits;
    this.queues = queues;
    this.notifications = notifications;
    this.json = json;
    this.canonical = canonical;
  }

  /**
   * Checks the arguments or params of a submission.
   *
   * @return the tool that it calls, or its method represented as a tool
   * @throws IntakeException if the tool or method is unknown, or the arguments or params are
   *     invalid
   */
  public Tool admit(Submission submission) {
    Tool tool = tool(submission);
    if (!submission.callsTool()) {
      check(submission);
      return tool;
    }
    tool.handler()
        .refusal(submission.caller().owner())
        .ifPresent(why -> {
          throw new IntakeException(new BadRequest(why));
        });
    JsonNode arguments = submission.params().path("arguments");
    ObjectNode checked;
    if (arguments.isMissingNode() || arguments.isNull()) {
      checked = json.createObjectNode(); // CallToolRequestParams: absent means empty
    } else if (arguments.isObject()) {
      checked = (ObjectNode) arguments;
    } else {
      throw new IntakeException(
          new BadRequest(
              "params.arguments must be an object, not " + arguments.getNodeType().name() + "."));
    }
    List<Violation> violations = tools.violations(tool, checked);
    if (!violations.isEmpty()) {
      throw new IntakeException(new Refusal.InvalidArguments(tool.name(), violations));
    }
    return tool;
  }

  private void check(Submission submission) {
    String method = submission.method();
    try {
      var _ = methods.handler(method, methods.checked(method, submission.params()));
    } catch (InvalidParamsException e) {
      throw invalid(method, e.path(), e);
    } catch (ResourceNotFoundException e) {
      throw invalid(method, "/uri", e);
    }
  }

  private static IntakeException invalid(String method, String path, RuntimeException e) {
    return new IntakeException(
        new Refusal.InvalidParams(
            method, List.of(new Violation(path, String.valueOf(e.getMessage())))));
  }

  /**
   * Normalizes a submission before it is checked, compared and stored: an optional argument that is
   * null is removed, unless its schema allows null or an upstream has the tool.
   */
  public Submission tidy(Submission submission) {
    return submission.callsTool() ? submission.withoutNulls(tool(submission)) : submission;
  }

  Optional<Tool> find(String tool) {
    return tools.find(tool);
  }

  /** The identity of the tool with that name or identity, or the text itself if there is none. */
  String toolId(String nameOrId) {
    return tools.id(nameOrId);
  }

  /**
   * The tool that a submission calls, or its method represented as a tool. Arguments are not
   * checked.
   */
  public Tool tool(Submission submission) {
    if (!submission.callsTool()) {
      return methods
          .find(submission.method())
          .orElseThrow(
              () -> new IntakeException(new Refusal.UnsupportedMethod(submission.method())));
    }
    JsonNode name = submission.params().path("name");
    if (!name.isString()) {
      throw new IntakeException(new BadRequest("params.name must be the name of a tool."));
    }
    return tools
        .find(name.asString())
        .orElseThrow(() -> new IntakeException(new Refusal.UnknownTool(name.asString())));
  }

  /** The request for the job of an admitted submission. */
  public JobRequest request(Submission submission, Tool tool) {
    ToolPolicy policy = tool.policy();
    JobOptions asked = submission.options();
    Duration delay = limits.delay(asked.start());
    if (!submission.callsTool()) {
      limits.noToolLimits(asked, submission.method());
    }
    JobHeaders headers = submission.headers().within(RequestContext.current());
    Client client = headers.client();
    return new JobRequest(
            submission.method(),
            submission.callsTool() ? tool.id() : null,
            json.writeValueAsString(submission.params()),
            submission.caller().owner(),
            queue(asked, policy),
            limits.priority(asked, policy),
            delay,
            asked.start().held(),
            limits.timeout(asked, policy),
            limits.retryUntil(asked, delay),
            limits.retry(asked.attempts(), policy.retry(), tool.handler().resumes()),
            limits.metadata(asked))
        .headed(headers.by(client.withTrace(trace.of(client.trace()))).json())
        .within(asked.attempts().deadline() != null || asked.attempts().retryUntil() != null)
        .keyed(key(submission))
        .limited(limits.limits(asked, tool.name(), policy.limits()))
        .notifying(notification(asked.callbackUrl(), asked.channels()));
  }

  // Where it has to run, no caller can choose another queue.
  private String queue(JobOptions asked, ToolPolicy policy) {
    return asked.queue() == null || LocalPools.isReserved(policy.queue())
        ? policy.queue()
        : queues.checked(asked.queue());
  }

  /**
   * The notifications to send when a batch or chain ends, or null for none; checked as for a job.
   */
  public @Nullable NotificationPlan notification(@Nullable String callbackUrl, List<String> to) {
    NotificationPlan plan = notifications.plan(callbackUrl, to);
    Map<String, String> traced = trace.of(RequestContext.current().trace());
    return plan == null || traced.isEmpty()
        ? plan
        : plan.headed(JobHeaders.of(Client.NONE.withTrace(traced)).json());
  }

  /** A digest of caller, method and params: equal only for identical calls of the same caller. */
  public String digest(Submission submission) {
    return IdempotencyKey.of(
            submission.caller().owner(), submission.method(), canonical(submission), "")
        .digest();
  }

  // With the tool's identity in place of its name, which may be another tool's later.
  private String canonical(Submission submission) {
    JsonNode name = submission.params().path("name");
    return submission.callsTool() && name.isString()
        ? canonical.ofCall(tools.id(name.asString()), submission.params())
        : canonical.of(submission.method(), submission.params());
  }

  private @Nullable IdempotencyKey key(Submission submission) {
    String key = submission.options().idempotencyKey();
    if (key == null) {
      return null;
    }
    if (!IdempotencyKey.fits(key)) {
      throw new IntakeException(
          new BadRequest("idempotency_key", "idempotency_key " + IdempotencyKey.RULE + "."));
    }
    return IdempotencyKey.of(
        submission.caller().owner(), submission.method(), key, canonical(submission));
  }

  /**
   * The time-out of an inline call.
   *
   * @throws IntakeException {@link BadRequest} if an option needs a stored job; options without
   *     effect inline, such as a priority, are ignored
   */
  Duration inline(Submission submission, Tool tool) {
    JobOptions asked = submission.options();
    String impossible =
        asked.start().held()
            ? "held"
            : asked.start().runAt() != null
                ? "run_at"
                : asked.start().delay() != null && !asked.start().delay().isZero()
                    ? "delay_seconds"
                    : asked.idempotencyKey() != null
                        ? "idempotency_key"
                        : asked.callbackUrl() != null
                            ? JobOptions.CALLBACK_URL
                            : asked.channels().isEmpty() ? null : JobOptions.NOTIFY;
    if (impossible != null) {
      throw new IntakeException(
          new BadRequest(
              impossible,
              "The tool "
                  + tool.name()
                  + " runs at once and is not stored, so "
                  + impossible
                  + " cannot be used. Leave it out, submit the call over REST, where it becomes a"
                  + " job, or let the operator set longhaul.tools."
                  + tool.name()
                  + ".execution=queued."));
    }
    return limits.timeout(asked, tool.policy());
  }
}
