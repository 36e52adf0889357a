package dev.longhaul.mcp.delivery;

import dev.longhaul.job.JobId;
import dev.longhaul.job.OpenQuestion;
import dev.longhaul.tool.Question;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Asks the client of a held call, on the revisions whose servers send requests of their own. */
public interface Questioner {

  /**
   * Passes on what a job asks. May be called again with the same questions. Does not wait: the
   * answers reach the job by {@link dev.longhaul.intake.Intake#answer}.
   *
   * @return whether all of them were passed on; if not, it is to be called again after a while
   */
  boolean ask(JobId id, List<OpenQuestion> open);

  /**
   * Passes on what an inline tool asks, and waits for the answers.
   *
   * @return the answers in order
   */
  List<JsonNode> ask(List<Question> questions);
}
