package dev.longhaul.builtin.dataset;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Checks before each read whether reading should stop. A check per row is not enough, because one
 * row can be the whole file.
 */
final class StoppableInput extends FilterInputStream {
  private final ProfileWatch watch;

  /** Reading was stopped. */
  static final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoppedException() {
      super("reading was asked to stop", null, false, false);
    }
  }

  StoppableInput(InputStream in, ProfileWatch watch) {
    super(in);
    this.watch = watch;
  }

  @Override
  public int read() throws IOException {
    check();
    return super.read();
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    check();
    return super.read(buffer, offset, length);
  }

  private void check() {
    if (watch.stopRequested()) {
      throw new StoppedException();
    }
  }
}
