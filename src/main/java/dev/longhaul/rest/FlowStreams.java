package dev.longhaul.rest;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.Refusal;
import dev.longhaul.intake.flow.FlowResult;
import dev.longhaul.intake.flow.Flows;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.queue.FlowKind;
import dev.longhaul.queue.FlowState;
import dev.longhaul.queue.FlowView;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/** Lets requests wait for batches and chains, and sends their events. */
final class FlowStreams {
  private static final Logger log = LoggerFactory.getLogger(FlowStreams.class);
  private static final int PAGE = 100;
  private static final long PAGE_CHARS = 1_000_000; // the part that is in memory at a time

  private final Flows flows;
  private final JobFeeds feeds;
  private final Duration keepAlive;
  private final JsonMapper json = JsonMapper.builder().build();

  FlowStreams(Flows flows, JobFeeds feeds, RestProperties properties) {
    this.flows = flows;
    this.feeds = feeds;
    this.keepAlive = properties.keepAlive();
  }

  /** Waits for its end, but no longer than the time given; zero does not wait. */
  FlowView await(Caller caller, FlowKind kind, String id, Duration wait)
      throws InterruptedException {
    JobId known = id(kind, id);
    FlowView now = flows.find(caller, kind, known);
    if (wait.isZero()) {
      return now;
    }
    var _ = feeds.await(caller, known, wait);
    return flows.find(caller, kind, known);
  }

  /**
   * Streams the events of one.
   *
   * @param lastEventId the id of the last event that the client had before, or null
   * @param whole what is sent at the end
   */
  void write(
      Caller caller,
      FlowKind kind,
      String id,
      @Nullable String lastEventId,
      HttpServletResponse response,
      Function<FlowView, Object> whole)
      throws InterruptedException {
    JobId known = id(kind, id);
    flows.find(caller, kind, known); // refused before the stream begins
    try (JobFeed feed = feeds.open(caller, known)) {
      EventStream stream = new EventStream(response, json);
      write(caller, kind, known, read(lastEventId), feed, stream, whole);
    } catch (IOException e) {
      log.debug("The client that followed {} {} is gone", kind.wire(), known);
    }
  }

  /** The progress of a batch or chain. */
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
   * Writes events until the flow has ended, the application stops, or the client has disconnected.
   *
   * @param read how many results the client had before
   * @param whole what is sent at the end
   */
  private void write(
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

  /** The number of results that a reconnecting client already has; 0 if unknown. */
  private static int read(@Nullable String lastEventId) {
    try {
      return lastEventId == null ? 0 : Math.max(0, Integer.parseInt(lastEventId));
    } catch (NumberFormatException e) {
      return 0; // not an id of this server
    }
  }

  /** The id; a text that cannot be an id is refused as unknown. */
  static JobId id(FlowKind kind, String text) {
    if (!JobId.isValid(text)) {
      throw new IntakeException(new Refusal.UnknownFlow(kind, text));
    }
    return new JobId(text);
  }
}
