package dev.longhaul.rest;

import dev.longhaul.intake.QueueControl;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
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
  QueueStatus.All listQueues() {
    return new QueueStatus.All(control.queues().stream().map(QueueStatus::of).toList());
  }

  @GetMapping(Routes.QUEUES + "/{name}")
  QueueStatus getQueue(@PathVariable String name) {
    return QueueStatus.of(control.queue(name));
  }

  @GetMapping(Routes.QUEUES + "/{name}/callers")
  QueueCallers listQueueCallers(
      @PathVariable String name,
      @RequestParam @Nullable String cursor,
      @RequestParam(defaultValue = "100") @Bounds(min = 1, max = 100) int limit) {
    return QueueCallers.of(control.callers(name, cursor, limit));
  }

  @PostMapping(Routes.QUEUES + "/{name}/pause")
  QueueStatus pauseQueue(@PathVariable String name) {
    return QueueStatus.of(control.pause(name));
  }

  @PostMapping(Routes.QUEUES + "/{name}/resume")
  QueueStatus resumeQueue(@PathVariable String name) {
    return QueueStatus.of(control.resume(name));
  }

  @PostMapping(Routes.QUEUES + "/{name}/drain")
  QueueStatus drainQueue(@PathVariable String name) {
    return QueueStatus.of(control.drain(name));
  }
}
