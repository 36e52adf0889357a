package dev.longhaul.rest;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.longhaul.job.Job;
import dev.longhaul.job.OpenQuestion;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** What the tool of a job asks. */
@Schema(name = "JobQuestions", description = "The questions of a job that have no answer yet.")
@Answer
record QuestionsView(String jobId, String state, List<Asked> questions) {

  /** A question without an answer. */
  @Schema(name = "JobQuestion", description = "A question of a tool to its client.")
  @Answer
  record Asked(
      @Schema(description = "The key to answer it by.") String key,
      @Schema(description = "elicitation/create, sampling/createMessage or roots/list.")
          String method,
      @JsonRawValue @Schema(description = "The params of the method, as MCP has them.")
          String params) {}

  static QuestionsView of(Job job, List<OpenQuestion> open) {
    return new QuestionsView(
        job.id().value(),
        job.state().wire(),
        open.stream().map(each -> new Asked(each.key(), each.method(), each.params())).toList());
  }
}
