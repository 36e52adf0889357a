package dev.longhaul.rest;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.flow.FlowResult;
import dev.longhaul.intake.flow.Flows;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.queue.FlowKind;
import dev.longhaul.queue.FlowState;
import dev.longhaul.queue.FlowView;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends one client the events of one batch or chain: each result once, when its job has ended, and
 * the counts.
 */
final class FlowEvents {
  private static final int PAGE = 100;
  private static final long PAGE_CHARS = 1_000_000; // so much of it is in memory

  private final Flows flows;
  private final Duration keepAlive;
  private final JsonMapper json;

  FlowEvents(Flows flows, Duration keepAlive, JsonMapper json) {
    this.flows = flows;
    this.keepAlive = keepAlive;
    this.json = json;
  }

  /** How far it is. */
  record ProgressEvent(
      String state, int total, int completed, int failed, int cancelled, double progress) {

    static ProgressEvent of(FlowView view) {
      return new ProgressEvent(
          view.state().wire(),
          BatchView.total(view),
          view.counts().completed(),
          view.counts().failed(),
          view.counts().cancelled(),
          BatchView.progress(view));
    }
  }

  /**
   * Writes until it has ended, the application stops, or the client is gone.
   *
   * @param read how many results the client had before
   * @param whole what is sent at the end
   */
  void write(
      Caller caller,
      FlowKind kind,
      JobId id,
      int read,
      JobFeed feed,
      EventStream stream,
      Function<FlowView, Object> whole)
      throws IOException, InterruptedException {
    int next = read;
    ProgressEvent before = null;
    while (true) {
      Job hint = feed.next(keepAlive);
      if (hint == null && feed.ended()) {
        stream.comment("the server stops; ask again");
        return;
      }
      // The counts are read first, so that all results they count are sent before them.
      FlowView view = flows.find(caller, kind, id);
      next = results(caller, kind, id, next, stream);
      ProgressEvent now = ProgressEvent.of(view);
      if (!now.equals(before)) {
        stream.event("progress", now);
        before = now;
      } else if (hint == null) {
        stream.comment("still there");
      }
      if (ended(view)) {
        stream.event("end", whole.apply(view));
        return;
      }
    }
  }

  // A cancelled one has the state at once, while its jobs are still being cancelled.
  private static boolean ended(FlowView view) {
    return view.times().finishedAt() != null
        || view.state() == FlowState.COMPLETED
        || view.state() == FlowState.FAILED;
  }

  private int results(Caller caller, FlowKind kind, JobId id, int from, EventStream stream)
      throws IOException {
    int next = from;
    while (true) {
      List<FlowResult> page = flows.ended(caller, kind, id, next, PAGE, PAGE_CHARS);
      for (FlowResult result : page) {
        next++;
        stream.event("result", FlowItem.of(result, json), Integer.toString(next));
      }
      if (page.isEmpty()) {
        return next;
      }
    }
  }

  /** How many results a client that reconnects has had; 0 if it does not say. */
  static int read(@Nullable String lastEventId) {
    try {
      return lastEventId == null ? 0 : Math.max(0, Integer.parseInt(lastEventId));
    } catch (NumberFormatException e) {
      return 0; // not one of ours
    }
  }
}
