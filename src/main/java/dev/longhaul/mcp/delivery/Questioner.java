package dev.longhaul.mcp.delivery;

import dev.longhaul.job.JobId;
import dev.longhaul.job.OpenQuestion;
import dev.longhaul.tool.Question;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Asks the client of a held call, on the revisions where servers send requests to clients. */
public interface Questioner {

  /**
   * Sends a job's questions without waiting; the answers reach the job by {@link
   * dev.longhaul.intake.Intake#answer}. May be called again with the same questions.
   *
   * @return whether all were sent; if not, the caller tries again later
   */
  boolean ask(JobId id, List<OpenQuestion> open);

  /**
   * Sends an inline tool's questions and waits for the answers.
   *
   * @return the answers in order
   */
  List<JsonNode> ask(List<Question> questions);
}
