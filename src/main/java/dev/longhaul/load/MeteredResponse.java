package dev.longhaul.load;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A response whose large writes are metered, and whose client has to read fast enough. */
final class MeteredResponse extends HttpServletResponseWrapper {
  private final ByteBudget.Lease lease;
  private final Duration limit;
  private @Nullable ServletOutputStream out;

  MeteredResponse(HttpServletResponse response, ByteBudget.Lease lease, Duration limit) {
    super(response);
    this.lease = lease;
    this.limit = limit;
  }

  @Override
  public ServletOutputStream getOutputStream() throws IOException {
    if (out == null) {
      out = new Metered((HttpServletResponse) getResponse(), lease, limit);
    }
    return out;
  }

  private static final class Metered extends ServletOutputStream {
    /** Memory per byte: the bytes themselves, and the text and tree they were written from. */
    private static final int WEIGHT = 4;

    private static final int CHUNK = 16_384;

    private final HttpServletResponse response;
    private final ServletOutputStream to;
    private final ByteBudget.Lease lease;
    private final WriteAllowance allowance;

    Metered(HttpServletResponse response, ByteBudget.Lease lease, Duration limit)
        throws IOException {
      this.response = response;
      this.to = response.getOutputStream();
      this.lease = lease;
      this.allowance = new WriteAllowance(limit);
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      if (count <= CHUNK) {
        timed(() -> to.write(bytes, from, count));
        allowance.add(count);
        return;
      }
      long weight = (long) count * WEIGHT;
      pay(weight);
      try {
        for (int at = from; at < from + count; at += CHUNK) {
          int here = at;
          int size = Math.min(CHUNK, from + count - at);
          timed(() -> to.write(bytes, here, size));
          allowance.add(size);
        }
      } finally {
        lease.give(weight);
      }
    }

    private void pay(long weight) {
      if (response.isCommitted()) {
        // Too late for an error response; the next requests are refused instead.
        lease.force(weight);
        return;
      }
      try {
        lease.take(weight);
      } catch (OverloadedException e) {
        if (e.status() != 503) {
          // Larger than the whole budget, but already in memory, so it is sent.
          lease.force(weight);
          return;
        }
        response.setContentLengthLong(-1);
        throw e;
      }
    }

    // The container closes the connection after a failed write.
    private void timed(Writing writing) throws IOException {
      long began = System.nanoTime();
      writing.run();
      allowance.spend(System.nanoTime() - began);
    }

    @Override
    public void flush() throws IOException {
      timed(to::flush);
    }

    @Override
    public void close() throws IOException {
      to.close();
    }

    @Override
    public boolean isReady() {
      return to.isReady();
    }

    @Override
    public void setWriteListener(WriteListener listener) {
      to.setWriteListener(listener);
    }

    @FunctionalInterface
    private interface Writing {
      void run() throws IOException;
    }
  }
}
