package dev.longhaul.ops;

import dev.longhaul.ops.ConcurrencyStatus.ProcessUse;
import dev.longhaul.ops.ConcurrencyStatus.QueueUse;
import dev.longhaul.ops.ConcurrencyStatus.ToolLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Derives advice for callers from the current load. Never empty. */
final class ConcurrencyAdvice {
  private static final double LONG_WAIT_SECONDS = 30;
  private static final double SCARCE_HEAP_PERCENT = 80;

  private ConcurrencyAdvice() {}

  static List<String> of(List<QueueUse> queues, List<ToolLimits> tools, ProcessUse process) {
    List<String> advice = new ArrayList<>();
    queues.forEach(queue -> advise(queue, advice));
    tools.forEach(tool -> advise(tool, advice));
    if (process.heapUsedPercent() > SCARCE_HEAP_PERCENT) {
      advice.add(
          String.format(
              Locale.ROOT,
              "This process uses %.0f %% of its heap: send smaller pieces of work.",
              process.heapUsedPercent()));
    }
    int slots = process.slots().values().stream().mapToInt(Integer::intValue).sum();
    if (slots > 0 && process.running() >= slots) {
      advice.add(
          "All "
              + slots
              + " slots of this process are in use: what is sent now waits unless another process"
              + " is free.");
    }
    if (advice.isEmpty()) {
      advice.add(
          slots > 0
              ? "There is room: "
                  + (slots - process.running())
                  + " more jobs can start in this process at once. Keep to the limits of the tools."
              : "Nothing waits for long. Keep to the limits of the tools.");
    }
    return advice;
  }

  private static void advise(ToolLimits tool, List<String> advice) {
    String name = "Tool " + tool.name();
    if (tool.breakerOpen() != null) {
      advice.add(
          name + " failed too often: its calls wait until one that tries succeeds. Send none now.");
    }
    Integer most = tool.maxConcurrent();
    if (most != null && tool.running() != null && tool.running() >= most) {
      advice.add(
          name
              + " runs "
              + tool.running()
              + " of "
              + most
              + " calls at once"
              + waiting(tool)
              + ".");
    } else if (tool.breakerOpen() == null && tool.waiting() != null && tool.waiting() > 0) {
      advice.add(name + " is at its rate" + waiting(tool) + ".");
    }
  }

  private static String waiting(ToolLimits tool) {
    return tool.waiting() == null || tool.waiting() == 0
        ? ": what is sent now waits"
        : ", and " + tool.waiting() + " wait: more calls of it only wait as well";
  }

  private static void advise(QueueUse queue, List<String> advice) {
    String name = "Queue " + queue.name();
    switch (queue.state()) {
      case "paused" ->
          advice.add(
              name + " is paused: what is sent to it waits until an operator resumes the queue.");
      case "draining" ->
          advice.add(name + " takes no new jobs: wait until an operator resumes the queue.");
      default -> {
        if (queue.oldestWaitingSeconds() > LONG_WAIT_SECONDS) {
          advice.add(
              String.format(
                  Locale.ROOT,
                  "%s has %d jobs waiting, the next for %.0f s: send fewer at once, or ask the"
                      + " operator for more workers or a larger"
                      + " longhaul.worker.pools.<name>.concurrency.",
                  name,
                  queue.waiting(),
                  queue.oldestWaitingSeconds()));
        }
      }
    }
    if (queue.heldBack() > 0) {
      advice.add(
          name
              + " has "
              + queue.heldBack()
              + " jobs that wait for a tool's limit or its circuit breaker: more calls of those"
              + " tools only wait as well.");
    }
  }
}
