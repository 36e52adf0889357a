package dev.longhaul.rest;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.Refusal;
import dev.longhaul.intake.flow.Flows;
import dev.longhaul.job.JobId;
import dev.longhaul.queue.FlowKind;
import dev.longhaul.queue.FlowView;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/** The requests that wait for batches and chains. */
final class FlowStreams {
  private static final Logger log = LoggerFactory.getLogger(FlowStreams.class);

  private final Flows flows;
  private final JobFeeds feeds;
  private final FlowEvents events;
  private final JsonMapper json = JsonMapper.builder().build();

  FlowStreams(Flows flows, JobFeeds feeds, RestProperties properties) {
    this.flows = flows;
    this.feeds = feeds;
    this.events = new FlowEvents(flows, properties.keepAlive(), json);
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
    int read = FlowEvents.read(lastEventId);
    try (JobFeed feed = feeds.open(caller, known)) {
      events.write(caller, kind, known, read, feed, new EventStream(response, json), whole);
    } catch (IOException e) {
      log.debug("The client that followed {} {} is gone", kind.wire(), known);
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
