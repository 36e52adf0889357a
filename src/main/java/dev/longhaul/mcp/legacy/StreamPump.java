package dev.longhaul.mcp.legacy;

import dev.longhaul.mcp.stream.PushStream;
import dev.longhaul.thread.Supervised;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one stream from its log to one connection, in the thread of its request, until the stream
 * has ended, was taken over, or its client has disconnected. The thread is virtual and mostly
 * waits.
 */
final class StreamPump {
  private static final Logger log = LoggerFactory.getLogger(StreamPump.class);

  private static final Supervised READS = new Supervised("reading the streams of sessions");
  private static final Duration RETRY_DELAY = Duration.ofMillis(250);

  private final EventLog events;
  private final StreamRef stream;
  private final long owner;
  private final Semaphore hints = new Semaphore(0);
  private final Duration readInterval;
  private final Duration sessionTtl;
  private final boolean resumable;
  private volatile boolean stopped;
  private long position;

  /**
   * @param position the number of the last message that the client has
   * @param readInterval how often the log is read without a signal, which also renews the times to
   *     live of the stream and its session
   * @param sessionTtl the session's time to live after each read
   */
  StreamPump(
      EventLog events,
      StreamRef stream,
      long owner,
      long position,
      Duration readInterval,
      Duration sessionTtl) {
    this.events = events;
    this.stream = stream;
    this.owner = owner;
    this.position = position;
    this.readInterval = readInterval;
    this.sessionTtl = sessionTtl;
    this.resumable = !stream.isSse();
  }

  StreamRef stream() {
    return stream;
  }

  long owner() {
    return owner;
  }

  /** Makes it read the log now. */
  void wake() {
    hints.release();
  }

  /** Makes it end after one more read. */
  void stop() {
    stopped = true;
    hints.release();
  }

  /**
   * Writes the stream.
   *
   * @return the state in which the stream was left: {@code OPEN} if the client has disconnected or
   *     this process stops
   */
  EventLog.State run(PushStream client) throws InterruptedException {
    boolean last = false;
    while (!last && !client.gone()) {
      // One more read after the stop, so that messages appended before are still sent.
      last = stopped;
      EventLog.Page page;
      try {
        page = events.read(stream, owner, position, sessionTtl);
        READS.worked();
      } catch (RuntimeException | Error e) {
        READS.failed(e);
        if (!last) {
          pause(RETRY_DELAY);
        }
        continue;
      }
      // Responses of such a session have no other way to the client.
      if (!resumable && page.first() > position + 1 && !page.messages().isEmpty()) {
        log.warn(
            "A session of 2024-11-05 ends: its client read too slowly, and messages were dropped"
                + " (longhaul.mcp.event-log)");
        return EventLog.State.LOST;
      }
      for (int i = 0; i < page.messages().size(); i++) {
        position = page.first() + i;
        byte[] data = page.messages().get(i).getBytes(StandardCharsets.UTF_8);
        client.send(resumable ? stream.event(position) : null, "message", data);
      }
      if (page.state() != EventLog.State.OPEN) {
        return page.state();
      }
      if (page.full()) {
        last = false;
      } else if (!last) {
        pause(readInterval);
      }
    }
    return EventLog.State.OPEN;
  }

  private void pause(Duration limit) throws InterruptedException {
    var _ = hints.tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS);
    hints.drainPermits();
  }
}
