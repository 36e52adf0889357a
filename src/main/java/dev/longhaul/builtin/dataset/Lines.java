package dev.longhaul.builtin.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Splits bytes into lines, each a slice of one buffer. Lines longer than allowed are skipped. */
final class Lines {
  private final InputStream in;
  private final int maxLine;
  private byte[] buffer = new byte[1 << 16];
  private int filled;
  private int next;
  private int start;
  private int length;
  private boolean tooLong;
  private boolean ended;
  private long number;

  Lines(InputStream in, int maxLine) {
    this.in = in;
    this.maxLine = maxLine;
  }

  /** Moves to the next line; false at the end. */
  boolean next() throws IOException {
    start = next;
    tooLong = false;
    int scanned = start;
    while (true) {
      for (int i = scanned; i < filled; i++) {
        if (buffer[i] == '\n') {
          return line(i, i + 1);
        }
      }
      scanned = filled;
      if (ended) {
        return (start < filled || tooLong) && line(filled, filled);
      }
      if (filled - start > maxLine) {
        tooLong = true;
        start = filled;
      }
      scanned -= start;
      compact();
      fill();
    }
  }

  private boolean line(int end, int nextStart) {
    number++;
    tooLong |= end - start > maxLine;
    length = end > start && buffer[end - 1] == '\r' ? end - 1 - start : end - start;
    next = nextStart;
    return true;
  }

  private void compact() {
    System.arraycopy(buffer, start, buffer, 0, filled - start);
    filled -= start;
    start = 0;
    if (filled == buffer.length) {
      buffer = Arrays.copyOf(buffer, buffer.length * 2);
    }
  }

  private void fill() throws IOException {
    int n = in.read(buffer, filled, buffer.length - filled);
    if (n < 0) {
      ended = true;
    } else {
      filled += n;
    }
  }

  byte[] buffer() {
    return buffer;
  }

  int start() {
    return start;
  }

  int length() {
    return length;
  }

  boolean tooLong() {
    return tooLong;
  }

  /** The line's number, counted from 1. */
  long number() {
    return number;
  }
}
