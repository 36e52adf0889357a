package dev.longhaul.intake;

import dev.longhaul.job.JobRequest;
import dev.longhaul.job.RetryPolicy;
import dev.longhaul.tool.Tool;
import dev.longhaul.tool.ToolCatalogue;
import dev.longhaul.tool.ToolPolicy;
import dev.longhaul.tool.Violation;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns a submission into a request that may be stored, or refuses it. Nothing is stored before
 * this has passed.
 */
final class Admission {
  private static final String TOOLS_CALL = "tools/call";
  private static final int MAX_ATTEMPTS = 100;
  private static final int MAX_METADATA = 50;
  private static final int MAX_METADATA_CHARS = 2_000;

  private final ToolCatalogue tools;
  private final IntakeProperties limits;
  private final JsonMapper json;

  Admission(ToolCatalogue tools, IntakeProperties limits, JsonMapper json) {
    this.tools = tools;
    this.limits = limits;
    this.json = json;
  }

  /** The tool that a submission calls, its arguments checked. */
  Tool admit(Submission submission) {
    Tool tool = tool(submission);
    JsonNode arguments = submission.params().path("arguments");
    ObjectNode checked;
    if (arguments.isMissingNode() || arguments.isNull()) {
      checked = json.createObjectNode(); // CallToolRequestParams: absent means empty
    } else if (arguments.isObject()) {
      checked = (ObjectNode) arguments;
    } else {
      throw new IntakeException.BadRequest(
          "params.arguments must be an object, not " + arguments.getNodeType().name() + ".");
    }
    List<Violation> violations = tools.violations(tool, checked);
    if (!violations.isEmpty()) {
      throw new IntakeException.InvalidArguments(tool.name(), violations);
    }
    return tool;
  }

  Tool tool(Submission submission) {
    if (!submission.method().equals(TOOLS_CALL)) {
      throw new IntakeException.UnsupportedMethod(submission.method());
    }
    JsonNode name = submission.params().path("name");
    if (!name.isString()) {
      throw new IntakeException.BadRequest("params.name must be the name of a tool.");
    }
    return tools
        .find(name.asString())
        .orElseThrow(() -> new IntakeException.UnknownTool(name.asString()));
  }

  JobRequest request(Submission submission, Tool tool) {
    ToolPolicy policy = tool.policy();
    checkMetadata(submission);
    return new JobRequest(
        submission.method(),
        tool.name(),
        json.writeValueAsString(submission.params()),
        submission.caller().owner(),
        policy.queue(),
        Objects.requireNonNullElse(submission.priority(), policy.priority()),
        delay(submission.delay()),
        false,
        timeout(submission.timeout(), policy),
        limits.retryUntil(),
        retry(submission.maxAttempts(), policy.retry()),
        submission.metadata());
  }

  private Duration delay(@Nullable Duration asked) {
    if (asked == null) {
      return Duration.ZERO;
    }
    if (asked.isNegative() || asked.compareTo(limits.maxDelay()) > 0) {
      throw new IntakeException.BadRequest(
          "The delay must be between 0 and "
              + limits.maxDelay().toSeconds()
              + " s (longhaul.intake.max-delay).");
    }
    return asked;
  }

  /** How long one attempt may run: what was asked for if that is allowed, else the policy's. */
  Duration timeout(@Nullable Duration asked, ToolPolicy policy) {
    if (asked == null) {
      return policy.timeout();
    }
    // A tool's own policy may be longer than what callers may ask for.
    Duration most =
        policy.timeout().compareTo(limits.maxTimeout()) > 0
            ? policy.timeout()
            : limits.maxTimeout();
    if (asked.toMillis() < 1 || asked.compareTo(most) > 0) {
      throw new IntakeException.BadRequest(
          "The time-out must be more than 0 and at most "
              + most.toSeconds()
              + " s (longhaul.intake.max-timeout).");
    }
    return asked;
  }

  private static RetryPolicy retry(@Nullable Integer asked, RetryPolicy policy) {
    if (asked == null) {
      return policy;
    }
    if (asked < 1 || asked > MAX_ATTEMPTS) {
      throw new IntakeException.BadRequest("max_attempts must be 1 to " + MAX_ATTEMPTS + ".");
    }
    // Only the tool's own policy may allow what could have its effect twice; a caller may not.
    if (!policy.repeatable() && asked > policy.maxAttempts()) {
      throw new IntakeException.BadRequest(
          "max_attempts must be at most "
              + policy.maxAttempts()
              + ": this tool may not be repeated. If it may, let the operator set"
              + " longhaul.tools.<name>.repeatable=true.");
    }
    return new RetryPolicy(asked, policy.backoff(), policy.repeatable());
  }

  private static void checkMetadata(Submission submission) {
    int chars =
        submission.metadata().entrySet().stream()
            .mapToInt(entry -> entry.getKey().length() + entry.getValue().length())
            .sum();
    if (submission.metadata().size() > MAX_METADATA || chars > MAX_METADATA_CHARS) {
      throw new IntakeException.BadRequest(
          "metadata may have at most "
              + MAX_METADATA
              + " entries and "
              + MAX_METADATA_CHARS
              + " characters in all.");
    }
  }
}
