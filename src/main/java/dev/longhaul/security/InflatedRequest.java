package dev.longhaul.security;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** A request with its body decompressed. */
final class InflatedRequest extends WithoutHeaders {
  private static final int BUFFER = 4_096;
  private static final Set<String> OF_COMPRESSED = Set.of("content-encoding", "content-length");

  private @Nullable ServletInputStream body;

  InflatedRequest(HttpServletRequest request) {
    super(request, OF_COMPRESSED);
  }

  @Override
  public ServletInputStream getInputStream() throws IOException {
    if (body == null) {
      body = new Inflated(super.getInputStream());
    }
    return body;
  }

  @Override
  public BufferedReader getReader() throws IOException {
    return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
  }

  /** Unknown, because the header has the length of the compressed body. */
  @Override
  public int getContentLength() {
    return -1;
  }

  @Override
  public long getContentLengthLong() {
    return -1;
  }

  /** Supports only blocking reads, which are the only ones used. */
  private static final class Inflated extends ServletInputStream {
    private final ServletInputStream compressed;
    private @Nullable GZIPInputStream inflated;
    private boolean finished;

    Inflated(ServletInputStream compressed) {
      this.compressed = compressed;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int count) throws IOException {
      // Created with the first read, so that an invalid body fails when it is read.
      GZIPInputStream stream = inflated;
      if (stream == null) {
        stream = new GZIPInputStream(compressed, BUFFER);
        inflated = stream;
      }
      int read = stream.read(into, from, count);
      finished = read < 0;
      return read;
    }

    @Override
    public boolean isFinished() {
      return finished;
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setReadListener(ReadListener listener) {
      throw new IllegalStateException("A compressed body is read with blocking reads.");
    }

    @Override
    public void close() throws IOException {
      if (inflated != null) {
        inflated.close();
      } else {
        compressed.close();
      }
    }
  }
}
