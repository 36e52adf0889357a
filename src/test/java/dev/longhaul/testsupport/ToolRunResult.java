package dev.longhaul.testsupport;

import dev.longhaul.catalog.Tool;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobLog;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Partial;
import dev.longhaul.job.Progress;
import dev.longhaul.tool.Question;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The outcome of a tool's run, with the tool's progress, log messages and questions. */
public final class ToolRunResult {
  private final Tool tool;
  private final int attempt;
  private final Outcome outcome;
  private final ToolRunSink heard;
  private final JsonMapper json;

  ToolRunResult(Tool tool, int attempt, Outcome outcome, ToolRunSink heard, JsonMapper json) {
    this.tool = tool;
    this.attempt = attempt;
    this.outcome = outcome;
    this.heard = heard;
    this.json = json;
  }

  /** The outcome. */
  public Outcome outcome() {
    return outcome;
  }

  /**
   * The tool's result as a client gets it: a CallToolResult.
   *
   * @throws AssertionError if the tool returned no result; the message says what happened instead
   */
  public ObjectNode result() {
    if (outcome instanceof Outcome.Answered answered) {
      return (ObjectNode) json.readTree(answered.json());
    }
    throw new AssertionError("The tool " + tool.name() + " has no result: " + end() + ".");
  }

  private String end() {
    return switch (outcome) {
      case Outcome.Answered answered -> "it answered " + answered.json();
      case Outcome.Refused refused ->
          "it refused the call with " + refused.code() + " (" + refused.message() + ")";
      case Outcome.Failed failed -> "it failed for good with " + said(failed.error());
      case Outcome.GivenUp givenUp -> "it failed with " + said(givenUp.error());
      case Outcome.Cancelled _ -> "it was cancelled";
    };
  }

  private static String said(JobError error) {
    return error.code() + " (" + error.type() + ": " + error.message() + ")";
  }

  /** All texts of the result, joined by line breaks. */
  public String text() {
    return ResultTexts.of(result());
  }

  /** The structured content of the result; a missing node if it has none. */
  public JsonNode structured() {
    return result().path("structuredContent");
  }

  /**
   * The structured content of the result as an object.
   *
   * @param type the class of the object, which Jackson creates
   */
  public <T> T structured(Class<T> type) {
    return json.treeToValue(structured(), type);
  }

  /** Whether the result has {@code isError}. */
  public boolean isError() {
    return result().path("isError").asBoolean(false);
  }

  /** The failure, or null if the run has a result, was cancelled or was refused. */
  public @Nullable JobError error() {
    return switch (outcome) {
      case Outcome.Failed failed -> failed.error();
      case Outcome.GivenUp givenUp -> givenUp.error();
      case Outcome.Answered _, Outcome.Refused _, Outcome.Cancelled _ -> null;
    };
  }

  /** The partial result of a stopped or failed run, or null if the tool reported none. */
  public @Nullable Partial partial() {
    return switch (outcome) {
      case Outcome.Failed failed -> failed.partial();
      case Outcome.GivenUp givenUp -> givenUp.partial();
      case Outcome.Cancelled cancelled -> cancelled.partial();
      case Outcome.Answered _, Outcome.Refused _ -> null;
    };
  }

  /** Whether the tool's policy allows another attempt after this one. */
  public boolean wouldBeRetried() {
    boolean left = attempt < tool.policy().retry().maxAttempts();
    return switch (outcome) {
      case Outcome.GivenUp _ -> left;
      case Outcome.Failed failed ->
          left
              && failed.error().code().equals(JobError.TIMEOUT)
              && tool.policy().retry().repeatable();
      case Outcome.Answered _, Outcome.Refused _, Outcome.Cancelled _ -> false;
    };
  }

  /** The reported progress, in order. */
  public List<Progress> progress() {
    return List.copyOf(heard.progress);
  }

  /** The messages for the client's log, in order. */
  public List<JobLog> logs() {
    return List.copyOf(heard.logs);
  }

  /** The questions to the client, in order. */
  public List<Question> asked() {
    return List.copyOf(heard.asked);
  }

  @Override
  public String toString() {
    return tool.name() + ": " + end();
  }
}
