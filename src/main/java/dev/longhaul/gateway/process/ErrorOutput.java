package dev.longhaul.gateway.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what an upstream writes to standard error, with limits, and keeps the last lines. */
final class ErrorOutput {
  private static final String LOGGER = "dev.longhaul.gateway.upstream.";
  // Read beyond what is logged, so that a secret is not cut before it is found.
  private static final int LONGEST_READ = 16 << 10;
  private static final int LONGEST_LOGGED = 2_000;
  private static final int KEPT_LINES = 20;
  private static final int MOST_LINES = 200;
  private static final long WINDOW = Duration.ofSeconds(10).toNanos();

  private final Logger log;
  private final Redaction redaction;
  private final Deque<String> last = new ArrayDeque<>();
  private long windowBegan = System.nanoTime();
  private int inWindow;

  ErrorOutput(String upstream, Redaction redaction) {
    this.log = LoggerFactory.getLogger(LOGGER + upstream);
    this.redaction = redaction;
  }

  /** Reads until the stream ends. */
  void read(InputStream in) throws IOException {
    byte[] line = new byte[LONGEST_READ];
    int length = 0;
    int next = in.read();
    while (next >= 0) {
      if (next == '\n') {
        accept(line, length);
        length = 0;
      } else if (length < line.length) {
        line[length++] = (byte) next;
      }
      next = in.read();
    }
    accept(line, length);
  }

  private void accept(byte[] bytes, int length) {
    String text = redaction.of(new String(bytes, 0, length, StandardCharsets.UTF_8)).strip();
    if (text.isEmpty()) {
      return;
    }
    String line = text.length() > LONGEST_LOGGED ? text.substring(0, LONGEST_LOGGED) + " …" : text;
    keep(line);
    log(line);
  }

  private synchronized void keep(String line) {
    last.addLast(line);
    if (last.size() > KEPT_LINES) {
      last.removeFirst();
    }
  }

  private void log(String line) {
    long now = System.nanoTime();
    if (now - windowBegan >= WINDOW) {
      windowBegan = now;
      inWindow = 0;
    }
    inWindow++;
    if (inWindow < MOST_LINES) {
      log.info("{}", line);
    } else if (inWindow == MOST_LINES) {
      log.warn(
          "More than {} lines in 10 seconds; further ones are left out until they are over",
          MOST_LINES);
    }
  }

  /** The last lines, separated by line feeds. */
  synchronized String lastLines() {
    return String.join("\n", last);
  }
}
