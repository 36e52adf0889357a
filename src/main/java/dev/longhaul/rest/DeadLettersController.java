package dev.longhaul.rest;

import static dev.longhaul.rest.ProblemType.NOT_DEAD;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.DeadLetters;
import dev.longhaul.queue.JobFilter;
import io.swagger.v3.oas.annotations.tags.Tag;
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

/** Lists dead jobs, replays them, deletes them. */
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
  JobList listDeadLetters(
      @RequestParam @Nullable String tool,
      @RequestParam @Nullable String cursor,
      @RequestParam(defaultValue = "50") @Bounds(min = 1, max = JobFilter.MAX_LIMIT) int limit,
      Caller caller,
      Routes routes) {
    return views.list(letters.list(caller, tool, cursor, limit), routes);
  }

  @PostMapping(Routes.DEAD_LETTERS + "/{id}/replay")
  @ResponseStatus(HttpStatus.ACCEPTED)
  @Refuses(NOT_DEAD)
  ResponseEntity<JobView> replayDeadLetter(@PathVariable String id, Caller caller, Routes routes) {
    return views.accepted(letters.replay(caller, JobsController.id(id)), routes);
  }

  @PostMapping(path = Routes.DEAD_LETTERS + "/replay", consumes = MediaType.APPLICATION_JSON_VALUE)
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
  @Refuses(NOT_DEAD)
  void dropDeadLetter(@PathVariable String id, Caller caller) {
    letters.drop(caller, JobsController.id(id));
  }

  @PostMapping(path = Routes.DEAD_LETTERS + "/drop", consumes = MediaType.APPLICATION_JSON_VALUE)
  DeadLetterFates dropDeadLetters(
      @JsonBody("dead-letters-drop.json") DeadLetterBatch batch, Caller caller) {
    return DeadLetterFates.of(letters.drop(caller, batch.ids()), null);
  }
}
