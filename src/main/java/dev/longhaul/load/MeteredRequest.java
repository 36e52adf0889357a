package dev.longhaul.load;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A request whose body is metered while it is read and has to arrive in time. It wraps the
 * decompressed request, so the decompressed size counts.
 */
final class MeteredRequest extends HttpServletRequestWrapper {
  private final ByteBudget.Lease lease;
  private final Duration limit;
  private @Nullable ServletInputStream body;

  MeteredRequest(HttpServletRequest request, ByteBudget.Lease lease, Duration limit) {
    super(request);
    this.lease = lease;
    this.limit = limit;
  }

  @Override
  public ServletInputStream getInputStream() throws IOException {
    if (body == null) {
      body = new Metered(super.getInputStream(), lease, limit);
    }
    return body;
  }

  @Override
  public BufferedReader getReader() throws IOException {
    return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
  }

  private static final class Metered extends ServletInputStream {
    private final ServletInputStream in;
    private final ByteBudget.Lease lease;
    private final JsonWeight weight = new JsonWeight();
    private final long deadline;

    Metered(ServletInputStream in, ByteBudget.Lease lease, Duration limit) {
      this.in = in;
      this.lease = lease;
      this.deadline = System.nanoTime() + limit.toNanos();
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    // The container limits each wait (server.tomcat.connection-timeout), this limits the total.
    @Override
    public int read(byte[] into, int from, int count) throws IOException {
      int read = in.read(into, from, count);
      if (read > 0) {
        lease.take(weight.of(into, from, read));
        if (System.nanoTime() - deadline > 0) {
          throw new SocketTimeoutException("The body did not arrive in time");
        }
      }
      return read;
    }

    @Override
    public boolean isFinished() {
      return in.isFinished();
    }

    @Override
    public boolean isReady() {
      return in.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
      in.setReadListener(listener);
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
