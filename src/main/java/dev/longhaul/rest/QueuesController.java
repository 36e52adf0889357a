package dev.longhaul.rest;

import dev.longhaul.intake.QueueControl;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** The named queues, for their operator. */
@RestController
@Tag(name = "queues", description = "The named queues, for their operator.")
class QueuesController {
  private final QueueControl control;

  QueuesController(QueueControl control) {
    this.control = control;
  }

  @GetMapping(path = Routes.QUEUES, produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "listQueues",
      summary = "Lists the queues",
      description = "Every queue that a tool uses or that ever had a job.")
  @Refuses({ProblemType.INVALID_REQUEST, ProblemType.UNAVAILABLE})
  QueueStatus.All queues(@Parameter(hidden = true) HttpServletRequest request) {
    Query.of(request, Set.of());
    return new QueueStatus.All(control.queues().stream().map(QueueStatus::of).toList());
  }

  @GetMapping(path = Routes.QUEUES + "/{name}", produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "getQueue",
      summary = "Shows a queue",
      description = "Its state, and how much waits in it.")
  @Refuses({ProblemType.INVALID_REQUEST, ProblemType.UNKNOWN_QUEUE, ProblemType.UNAVAILABLE})
  QueueStatus queue(
      @PathVariable("name") String name, @Parameter(hidden = true) HttpServletRequest request) {
    Query.of(request, Set.of());
    return QueueStatus.of(control.queue(name));
  }

  @PostMapping(path = Routes.QUEUES + "/{name}/pause", produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "pauseQueue",
      summary = "Pauses a queue",
      description = "Nothing more is started from it; what runs goes on, and new jobs are taken.")
  @Refuses({ProblemType.INVALID_REQUEST, ProblemType.UNKNOWN_QUEUE, ProblemType.UNAVAILABLE})
  QueueStatus pause(
      @PathVariable("name") String name, @Parameter(hidden = true) HttpServletRequest request) {
    Query.of(request, Set.of());
    return QueueStatus.of(control.pause(name));
  }

  @PostMapping(path = Routes.QUEUES + "/{name}/resume", produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "resumeQueue",
      summary = "Resumes a queue",
      description = "It takes and starts jobs again, whether it was paused or draining.")
  @Refuses({ProblemType.INVALID_REQUEST, ProblemType.UNKNOWN_QUEUE, ProblemType.UNAVAILABLE})
  QueueStatus resume(
      @PathVariable("name") String name, @Parameter(hidden = true) HttpServletRequest request) {
    Query.of(request, Set.of());
    return QueueStatus.of(control.resume(name));
  }

  @PostMapping(path = Routes.QUEUES + "/{name}/drain", produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "drainQueue",
      summary = "Drains a queue",
      description =
          "New jobs are refused with queue-draining; what waits is still worked off. A held job"
              + " that is started still goes in.")
  @Refuses({ProblemType.INVALID_REQUEST, ProblemType.UNKNOWN_QUEUE, ProblemType.UNAVAILABLE})
  QueueStatus drain(
      @PathVariable("name") String name, @Parameter(hidden = true) HttpServletRequest request) {
    Query.of(request, Set.of());
    return QueueStatus.of(control.drain(name));
  }
}
