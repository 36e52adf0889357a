package dev.longhaul.rest;

import static dev.longhaul.rest.ProblemType.UNKNOWN_QUEUE;

import dev.longhaul.intake.QueueControl;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
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

  @GetMapping(Routes.QUEUES)
  @Operation(
      summary = "Lists the queues",
      description = "Every queue that a tool uses or that ever had a job.")
  QueueStatus.All listQueues() {
    return new QueueStatus.All(control.queues().stream().map(QueueStatus::of).toList());
  }

  @GetMapping(Routes.QUEUES + "/{name}")
  @Operation(summary = "Shows a queue", description = "Its state, and how much waits in it.")
  @Refuses(UNKNOWN_QUEUE)
  QueueStatus getQueue(@PathVariable("name") String name) {
    return QueueStatus.of(control.queue(name));
  }

  @PostMapping(Routes.QUEUES + "/{name}/pause")
  @Operation(
      summary = "Pauses a queue",
      description = "Nothing more is started from it; what runs goes on, and new jobs are taken.")
  @Refuses(UNKNOWN_QUEUE)
  QueueStatus pauseQueue(@PathVariable("name") String name) {
    return QueueStatus.of(control.pause(name));
  }

  @PostMapping(Routes.QUEUES + "/{name}/resume")
  @Operation(
      summary = "Resumes a queue",
      description = "It takes and starts jobs again, whether it was paused or draining.")
  @Refuses(UNKNOWN_QUEUE)
  QueueStatus resumeQueue(@PathVariable("name") String name) {
    return QueueStatus.of(control.resume(name));
  }

  @PostMapping(Routes.QUEUES + "/{name}/drain")
  @Operation(
      summary = "Drains a queue",
      description =
          "New jobs are refused with queue-draining; what waits is still worked off. A held job"
              + " that is started still goes in.")
  @Refuses(UNKNOWN_QUEUE)
  QueueStatus drainQueue(@PathVariable("name") String name) {
    return QueueStatus.of(control.drain(name));
  }
}
