package dev.longhaul.rest;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.Operations;
import dev.longhaul.job.JobId;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Shows what the tool of a running job asks its client, and takes the answers. */
@RestController
@Tag(name = "jobs")
class JobQuestionsController {
  private final Operations operations;

  JobQuestionsController(Operations operations) {
    this.operations = operations;
  }

  /** Answers by the keys of their questions. */
  record Answers(ObjectNode answers) {}

  @GetMapping(Routes.JOBS + "/{id}/questions")
  QuestionsView getJobQuestions(@PathVariable String id, Caller caller) {
    return view(caller, JobsController.id(id));
  }

  @PostMapping(path = Routes.JOBS + "/{id}/questions", consumes = MediaType.APPLICATION_JSON_VALUE)
  QuestionsView answerJobQuestions(
      @PathVariable String id, @JsonBody("answers.json") Answers body, Caller caller) {
    JobId job = JobsController.id(id);
    Map<String, JsonNode> answers = new LinkedHashMap<>();
    body.answers().properties().forEach(each -> answers.put(each.getKey(), each.getValue()));
    var _ = operations.answer(caller, job, answers);
    return view(caller, job);
  }

  private QuestionsView view(Caller caller, JobId job) {
    return QuestionsView.of(operations.job(caller, job), operations.questions(caller, job));
  }
}
