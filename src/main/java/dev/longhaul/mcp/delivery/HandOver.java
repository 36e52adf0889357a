package dev.longhaul.mcp.delivery;

import dev.longhaul.job.Job;
import dev.longhaul.job.JobState;
import dev.longhaul.job.OpenQuestion;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the result of a call whose hold has expired (delivery 4): instructions for a model as
 * text, and the same as data in structuredContent and {@code _meta}.
 */
public final class HandOver {
  /** The key in {@code _meta} that marks such a result on any tool. */
  public static final String OPERATION = "dev.longhaul/operation";

  /** The placeholder for the operation's id in an operator's wording. */
  public static final String ID_HERE = "{operation_id}";

  private final Map<String, String> wordings;

  /**
   * @param wordings by client name (earlier revisions only), the text that replaces the usual
   *     instructions
   */
  public HandOver(Map<String, String> wordings) {
    this.wordings = Map.copyOf(wordings);
  }

  /**
   * The result; {@code handOver} of the intake must have been called for the job.
   *
   * @param open the job's unanswered questions
   * @param legacyClient the client's name on an earlier revision; null on 2026-07-28, where the
   *     name must not matter
   * @param waitSeconds the {@code wait_seconds} to suggest
   */
  ObjectNode of(
      Job job,
      Optional<Instant> estimate,
      List<OpenQuestion> open,
      String baseUrl,
      @Nullable String legacyClient,
      int waitSeconds) {
    ObjectNode view = OperationView.of(job, estimate, open, baseUrl, waitSeconds);
    String wording = legacyClient == null ? null : wordings.get(legacyClient);
    String words = words(job, estimate, open, wording, waitSeconds);
    ObjectNode result = ToolResults.text(words);
    // Some clients show a model only the structured content.
    ObjectNode said = view.objectNode().put("text", words);
    said.setAll(view);
    result.set("structuredContent", said);
    result.put("isError", false);
    result.putObject("_meta").set(OPERATION, said.deepCopy());
    return result;
  }

  private static String words(
      Job job,
      Optional<Instant> estimate,
      List<OpenQuestion> open,
      @Nullable String wording,
      int waitSeconds) {
    String id = job.id().value();
    StringBuilder text = new StringBuilder();
    text.append("This call takes longer and goes on in the background; nothing was lost.\n");
    text.append("operation_id: ").append(id).append('\n');
    text.append("status: ").append(job.state().wire());
    Double fraction = job.progress().fraction();
    if (fraction != null) {
      text.append(", ").append(Math.round(fraction * 100)).append(" % done");
    }
    if (job.progress().message() != null) {
      text.append(" (").append(job.progress().message()).append(')');
    }
    if (job.waiting() != null) {
      text.append("; it ").append(WaitReasonText.of(job.waiting()));
    } else if (!open.isEmpty()) {
      text.append("; it ").append(QuestionText.of(open));
    }
    if (job.state() == JobState.SCHEDULED && job.times().dueAt() != null) {
      text.append("; it may start at ").append(job.times().dueAt());
    }
    if (job.state() == JobState.HELD) {
      text.append("; it starts when its owner says so");
    }
    text.append('\n');
    estimate.ifPresent(time -> text.append("expected to end at: ").append(time).append('\n'));
    if (wording != null) {
      return text.append(wording.replace(ID_HERE, id)).toString();
    }
    text.append("To get the result, call the tool ").append(OperationView.CONTINUE);
    text.append(" with {\"operation_id\": \"").append(id).append("\", \"wait_seconds\": ");
    text.append(waitSeconds).append("}, again and again until it returns it.\n");
    text.append(
        "Do not repeat the original call: as long as this one goes on it would only join it.");
    return text.toString();
  }
}
