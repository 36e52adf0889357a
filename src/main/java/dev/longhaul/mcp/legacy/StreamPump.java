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
 * has ended, was taken over, or its client is gone. The thread is virtual and sleeps nearly always.
 */
final class StreamPump {
  private static final Logger log = LoggerFactory.getLogger(StreamPump.class);

  private static final Supervised READS = new Supervised("reading the streams of sessions");
  private static final Duration OUTAGE = Duration.ofMillis(250);

  private final EventLog events;
  private final StreamRef stream;
  private final long owner;
  private final Semaphore hints = new Semaphore(0);
  private final Duration look;
  private final Duration sessionTtl;
  private final boolean resumable;
  private volatile boolean stopped;
  private long position;

  /**
   * @param position the number of the last message that the client has
   * @param look how often it looks without a hint, which keeps the stream and its session alive
   * @param sessionTtl how long the session outlives such a look
   */
  StreamPump(
      EventLog events,
      StreamRef stream,
      long owner,
      long position,
      Duration look,
      Duration sessionTtl) {
    this.events = events;
    this.stream = stream;
    this.owner = owner;
    this.position = position;
    this.look = look;
    this.sessionTtl = sessionTtl;
    this.resumable = !stream.isSse();
  }

  StreamRef stream() {
    return stream;
  }

  long owner() {
    return owner;
  }

  /** There may be something new. */
  void wake() {
    hints.release();
  }

  /** Ends it soon. */
  void stop() {
    stopped = true;
    hints.release();
  }

  /**
   * Runs it.
   *
   * @return how the stream was left: {@code OPEN} if the client is gone or this process stops
   */
  EventLog.State run(PushStream client) throws InterruptedException {
    boolean last = false;
    while (!last && !client.gone()) {
      // Once stopped it looks once more: what was said until then still goes out.
      last = stopped;
      EventLog.Page page;
      try {
        page = events.read(stream, owner, position, sessionTtl);
        READS.worked();
      } catch (RuntimeException | Error e) {
        READS.failed(e);
        if (!last) {
          pause(OUTAGE);
        }
        continue;
      }
      // The answers of such a session have no other way to the client.
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
        pause(look);
      }
    }
    return EventLog.State.OPEN;
  }

  private void pause(Duration limit) throws InterruptedException {
    var _ = hints.tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS);
    hints.drainPermits();
  }
}
