package dev.longhaul.mcp.legacy;

import dev.longhaul.job.JobId;
import dev.longhaul.mcp.stream.Journal;
import dev.longhaul.mcp.wire.Json;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Keeps the stream of one request in the {@link EventLog}. */
final class CallJournal implements Journal {
  private static final Logger log = LoggerFactory.getLogger(CallJournal.class);

  private final EventLog events;
  private final String session;
  private final boolean primes;
  private final Map<String, String> fields = new HashMap<>();
  private @Nullable StreamRef stream;

  /**
   * @param primes whether the client knows an event without data
   * @param kind how a call's answer is written; see {@link Resumption}
   */
  CallJournal(EventLog events, String session, boolean primes, JsonNode requestId, String kind) {
    this.events = events;
    this.session = session;
    this.primes = primes;
    fields.put("r", Json.text(requestId));
    fields.put("k", kind);
  }

  @Override
  public void answers(JobId job) {
    fields.put("j", job.value());
  }

  @Override
  public @Nullable String begin() {
    try {
      StreamRef begun = StreamRef.next(session, StreamRef.Kind.CALL);
      events.open(begun, fields);
      stream = begun;
      return primes ? begun.event(0) : null;
    } catch (DataAccessException e) {
      log.debug("The stream of a call cannot be resumed: Redis did not take it", e);
      return null;
    }
  }

  @Override
  public Kept keep(ObjectNode message, boolean last) {
    if (stream == null) {
      return new Kept(null, true);
    }
    try {
      EventLog.Appended appended = events.append(stream, message, last, null);
      return appended.number() > 0
          ? new Kept(stream.event(appended.number()), appended.owner() == 0)
          : new Kept(null, appended.owner() <= 0);
    } catch (DataAccessException e) {
      log.debug("A message of stream {} was sent but not kept", stream.id(), e);
      return new Kept(null, true);
    }
  }

  @Override
  public void end() {
    if (stream != null) {
      try {
        events.end(stream);
      } catch (DataAccessException e) {
        log.debug("Stream {} ends when its time to live is over", stream.id(), e);
      }
    }
  }
}
