package dev.longhaul.gateway.rpc;

import dev.longhaul.gateway.process.ChildProcess;
import dev.longhaul.thread.OutOfMemory;
import dev.longhaul.thread.Threads;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON-RPC with a child process: one message per line on its standard input and output. Its lines
 * that are no JSON, such as a banner, are ignored. It ends with the process, which {@link #close}
 * ends.
 */
public final class StdioPeer implements Peer {
  private static final Logger log = LoggerFactory.getLogger(StdioPeer.class);
  private static final Duration NOTIFICATION_LIMIT = Duration.ofSeconds(5);
  // What waits while the process does not read; a single message may be longer.
  private static final int MOST_WAITING_BYTES = 32 << 20;
  private static final int OVERHEAD = 256;

  private final ChildProcess child;
  private final Exchange exchange;
  private final Oddities oddities;
  private final int mostBytes;
  private final BlockingQueue<Line> waiting = new LinkedBlockingQueue<>();
  private final AtomicBoolean ended = new AtomicBoolean();
  private final Thread writer;
  private final Semaphore room = new Semaphore(MOST_WAITING_BYTES, true);

  /**
   * Begins to read what the process writes.
   *
   * @param receiver gets what belongs to no open request
   */
  public StdioPeer(ChildProcess child, WireLimits limits, Receiver receiver) {
    this.child = child;
    this.mostBytes = limits.messageBytes();
    this.oddities = new Oddities(child.upstream());
    this.exchange = new Exchange(child.upstream(), new Queue(), limits, receiver, oddities);
    // Platform threads, because pipes would block the carriers of virtual ones. Writing has a
    // thread of its own, because a process that does not read would block every caller.
    this.writer = Threads.loop("upstream-" + child.upstream() + "-out", this::write);
    var _ = Threads.loop("upstream-" + child.upstream() + "-in", this::read);
  }

  /** A message in the queue. */
  private static final class Line {
    private final byte[] bytes;
    private final int permits;

    Line(ObjectNode message) {
      bytes = Wire.write(message);
      permits = Math.min(MOST_WAITING_BYTES, bytes.length + OVERHEAD);
    }
  }

  /** What waits to be written. */
  private final class Queue implements Outgoing {
    @Override
    public BooleanSupplier send(
        ObjectNode message, Map<String, String> headers, @Nullable Duration limit)
        throws InterruptedException {
      Line line = new Line(message);
      if (limit == null) {
        room.acquire(line.permits);
      } else if (!room.tryAcquire(line.permits, limit.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new UpstreamLostException(
            "The upstream "
                + child.upstream()
                + " does not read its standard input; more waits for it than it is allowed to.",
            false,
            0,
            null);
      }
      waiting.add(line);
      return () -> takeBack(line);
    }

    @Override
    public void sendLater(ObjectNode message) {
      Line line = new Line(message);
      if (room.tryAcquire(line.permits)) {
        waiting.add(line);
      }
    }
  }

  private boolean takeBack(Line line) {
    boolean taken = waiting.remove(line);
    if (taken) {
      room.release(line.permits);
    }
    return taken;
  }

  private void write() {
    try {
      OutputStream out = child.input();
      while (true) {
        Line line = waiting.take();
        out.write(line.bytes);
        out.write('\n');
        if (waiting.isEmpty()) {
          out.flush();
        }
        room.release(line.permits);
      }
    } catch (IOException e) {
      // It has ended or closed its input; the reader says what became of it.
      log.debug("Writing to upstream {} failed: {}", child.upstream(), e.toString());
      end(lost("closed its standard input"), true);
    } catch (InterruptedException e) {
      log.trace("Writing to upstream {} was stopped", child.upstream());
    }
  }

  private void read() {
    RuntimeException why;
    try {
      LineReader lines = new LineReader(child.output(), mostBytes);
      byte[] line = lines.next();
      while (line != null) {
        received(line);
        line = lines.next();
      }
      why = lost("closed its standard output");
    } catch (IOException e) {
      log.debug("Reading from upstream {} failed: {}", child.upstream(), e.toString());
      why = lost("cannot be read");
    } catch (UpstreamProtocolException e) {
      why =
          new UpstreamProtocolException(
              "The upstream " + child.upstream() + " was stopped. " + e.getMessage());
    } catch (Throwable e) {
      OutOfMemory.met(e);
      log.error("Reading from upstream {} failed", child.upstream(), e);
      why = lost("cannot be read");
    }
    end(why, true);
  }

  private void received(byte[] line) {
    int at = Wire.afterMark(line);
    while (at < line.length && (line[at] & 0xff) <= ' ') {
      at++;
    }
    if (at == line.length) {
      return;
    }
    if (line[at] != '{' && line[at] != '[') {
      oddities.met("a line on standard output that is no JSON is ignored");
      return;
    }
    JsonNode document;
    try {
      document = Wire.read(line);
    } catch (JacksonException | UpstreamProtocolException e) {
      oddities.met("a line on standard output that is no valid JSON is ignored");
      return;
    }
    exchange.received(document);
  }

  private UpstreamLostException lost(String what) {
    return new UpstreamLostException(
        "The upstream " + child.upstream() + " " + child.fate(what), true, 0, null);
  }

  private void end(RuntimeException why, boolean byItself) {
    exchange.ended(why, byItself, child::close);
    if (ended.compareAndSet(false, true)) {
      writer.interrupt();
      // Whoever waits for room finds that it has ended.
      room.release(MOST_WAITING_BYTES);
    }
    // Another thread may be ending it.
    child.close();
  }

  @Override
  public ObjectNode request(Request request, Receiver receiver) throws InterruptedException {
    return exchange.request(request, receiver);
  }

  @Override
  public void notify(String method, ObjectNode params) throws InterruptedException {
    exchange.notify(method, params, NOTIFICATION_LIMIT);
  }

  @Override
  public boolean isOpen() {
    return exchange.isOpen() && child.isAlive();
  }

  @Override
  public Long pid() {
    return child.pid();
  }

  @Override
  public void close() {
    end(
        new UpstreamLostException(
            "The connection to the upstream " + child.upstream() + " was closed.", true, 0, null),
        false);
  }
}
