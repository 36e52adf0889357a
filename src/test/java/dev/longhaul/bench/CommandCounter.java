package dev.longhaul.bench;

import java.util.concurrent.atomic.AtomicLong;

/** Counts the commands that a client sends: arrays of bulk strings, in chunks of any size. */
final class CommandCounter {
  private final AtomicLong commands;
  private long length;
  private long skip;
  private boolean header;
  private boolean array;

  CommandCounter(AtomicLong commands) {
    this.commands = commands;
  }

  void read(byte[] bytes, int count) {
    int at = 0;
    while (at < count) {
      if (skip > 0) {
        int skipped = (int) Math.min(skip, count - at);
        at += skipped;
        skip -= skipped;
        continue;
      }
      byte one = bytes[at++];
      if (!header) {
        header = true;
        array = one == '*';
        length = 0;
      } else if (one >= '0' && one <= '9') {
        length = length * 10 + (one - '0');
      } else if (one == '\n') {
        header = false;
        if (array) {
          commands.incrementAndGet();
        } else {
          skip = length + 2; // including the line end
        }
      }
    }
  }
}
