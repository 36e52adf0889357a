package dev.longhaul.rest;

import static dev.longhaul.rest.ProblemType.NOT_DEAD;
import static dev.longhaul.rest.ProblemType.UNKNOWN_JOB;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.DeadLetters;
import dev.longhaul.queue.JobFilter;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Jobs that were given up: looked at, tried again, forgotten. */
@RestController
@Tag(name = "dead letters", description = "Jobs that were given up.")
class DeadLettersController {
  private final DeadLetters letters;
  private final JobViews views;

  DeadLettersController(DeadLetters letters, JobViews views) {
    this.letters = letters;
    this.views = views;
  }

  @GetMapping(Routes.DEAD_LETTERS)
  @Operation(
      summary = "Lists dead jobs",
      description =
          "The caller's dead jobs, newest first, page by page, those that were replayed too. What"
              + " each had produced is its result, GET /jobs/{id}/result.")
  JobList listDeadLetters(
      @RequestParam(name = "tool", required = false) @Nullable String tool,
      @RequestParam(name = "cursor", required = false) @Nullable String cursor,
      @RequestParam(name = "limit", defaultValue = "50") @Min(1) @Max(JobFilter.MAX_LIMIT)
          int limit,
      Caller caller,
      Routes routes) {
    return views.list(letters.list(caller, tool, cursor, limit), routes);
  }

  @PostMapping(Routes.DEAD_LETTERS + "/{id}/replay")
  @ResponseStatus(HttpStatus.ACCEPTED)
  @Operation(
      summary = "Tries a dead job again",
      description =
          "As a new job with replay_of; the dead one stays, with replayed_by. It is replayed once:"
              + " asked again, the answer is the same. A replay that dies can be replayed itself.")
  @Refuses({UNKNOWN_JOB, NOT_DEAD})
  ResponseEntity<JobView> replayDeadLetter(
      @PathVariable("id") String id, Caller caller, Routes routes) {
    return views.accepted(letters.replay(caller, JobsController.id(id)), routes);
  }

  @PostMapping(path = Routes.DEAD_LETTERS + "/replay", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      summary = "Tries many dead jobs again",
      description =
          "By their ids, or all of a tool that were not replayed yet, up to 100 in one request.")
  DeadLetterFates replayDeadLetters(
      @JsonBody("dead-letters-replay.json") DeadLetterBatch batch, Caller caller) {
    if (batch.tool() == null) {
      return DeadLetterFates.of(letters.replay(caller, batch.ids()), null);
    }
    var replayed = letters.replayAll(caller, batch.tool(), batch.cursor());
    return DeadLetterFates.of(replayed.fates(), replayed.nextCursor());
  }

  @DeleteMapping(Routes.DEAD_LETTERS + "/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      summary = "Forgets a dead job",
      description = "Deletes it with its error and what it had produced.")
  @Refuses({UNKNOWN_JOB, NOT_DEAD})
  void dropDeadLetter(@PathVariable("id") String id, Caller caller) {
    letters.drop(caller, JobsController.id(id));
  }

  @PostMapping(path = Routes.DEAD_LETTERS + "/drop", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      summary = "Forgets many dead jobs",
      description = "By their ids, up to 100 in one request.")
  DeadLetterFates dropDeadLetters(
      @JsonBody("dead-letters-drop.json") DeadLetterBatch batch, Caller caller) {
    return DeadLetterFates.of(letters.drop(caller, batch.ids()), null);
  }
}
