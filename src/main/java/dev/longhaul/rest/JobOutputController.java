package dev.longhaul.rest;

import static dev.longhaul.rest.ProblemType.NOT_FINISHED;
import static dev.longhaul.rest.ProblemType.RESULT_EXPIRED;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.Operations;
import dev.longhaul.intake.ResultPage;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.Utf8;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** A job's events, its partial result and its result. */
@RestController
@Tag(name = "jobs")
class JobOutputController {
  private static final Logger log = LoggerFactory.getLogger(JobOutputController.class);

  private final Operations operations;
  private final JobFeeds feeds;
  private final JobViews views;
  private final RestProperties properties;
  private final JsonMapper json = JsonMapper.builder().build();

  JobOutputController(
      Operations operations, JobFeeds feeds, JobViews views, RestProperties properties) {
    this.operations = operations;
    this.feeds = feeds;
    this.views = views;
    this.properties = properties;
  }

  @GetMapping(Routes.JOBS + "/{id}/partial")
  PartialView getJobPartial(@PathVariable String id, Caller caller) {
    Job job = operations.job(caller, JobsController.id(id));
    return PartialView.of(job, operations.partial(caller, job).orElse(null));
  }

  @GetMapping(Routes.JOBS + "/{id}/result")
  @Refuses({NOT_FINISHED, RESULT_EXPIRED})
  ResponseEntity<byte[]> getJobResult(
      @PathVariable String id,
      @RequestParam @Bounds(max = ResultPage.LONGEST_POINTER) @Nullable String pointer,
      @RequestParam @Bounds @Nullable Integer offset,
      @RequestParam @Bounds(min = 1, max = ResultPage.MOST) @Nullable Integer limit,
      Caller caller,
      Routes routes) {
    JobId job = JobsController.id(id);
    var document = ResultDocument.of(operations.outcome(caller, job), json);
    var answer =
        ResponseEntity.ok()
            .contentType(MediaType.APPLICATION_JSON)
            .header(ResultDocument.STATE, document.state());
    boolean whole = pointer == null && offset == null && limit == null;
    if (whole && Utf8.length(document.json()) <= properties.maxResponseSize().toBytes()) {
      return answer.body(document.json().getBytes(StandardCharsets.UTF_8));
    }
    var asked = new ResultPage.Asked(pointer, offset == null ? 0 : offset, limit);
    String page = new ResultPages(properties.maxResponseSize(), routes).page(job, document, asked);
    return answer.header(ResultPages.PAGE, "true").body(page.getBytes(StandardCharsets.UTF_8));
  }

  @GetMapping(Routes.JOBS + "/{id}/events")
  @EventStreamAnswer
  void followJob(
      @PathVariable String id, Caller caller, Routes routes, HttpServletResponse response)
      throws InterruptedException {
    JobId job = JobsController.id(id);
    try (JobFeed feed = feeds.open(caller, job)) {
      new JobEvents(properties.keepAlive(), j -> views.view(j, routes))
          .write(feed, new EventStream(response, json));
    } catch (IOException e) {
      log.debug("The client that followed job {} is gone", job);
    }
  }
}
