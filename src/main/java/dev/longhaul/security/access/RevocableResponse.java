package dev.longhaul.security.access;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A response that can be ended from another thread. Whoever writes to it afterwards gets an {@link
 * IOException}, as if the client had left.
 */
final class RevocableResponse extends HttpServletResponseWrapper {
  private static final Logger log = LoggerFactory.getLogger(RevocableResponse.class);

  private final HttpServletResponse response;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Output output;
  private @Nullable PrintWriter writer;
  private volatile boolean revoked;
  private boolean ended;

  RevocableResponse(HttpServletResponse response) {
    super(response);
    this.response = response;
  }

  /** Writes a refusal to a response of which nothing was sent. */
  @FunctionalInterface
  interface Refusing {
    void write(HttpServletResponse response) throws IOException;
  }

  /**
   * Ends the response: with the refusal, if nothing of it was sent. If its client does not read
   * what is being written, only later writes fail; then it has to be called again.
   */
  void revoke(Refusing refusal) {
    revoked = true;
    if (!lock.tryLock()) {
      return;
    }
    try {
      if (ended) {
        return;
      }
      ended = true;
      if (!response.isCommitted()) {
        if (writer == null) {
          response.resetBuffer();
        } else {
          response.reset(); // or there could be no output stream after a writer
          writer = null;
        }
        // Whoever serves the request may notice its end only much later, and until then another
        // request on the same connection would wait. A stream must not have this header: it would
        // end with the connection only, and not with its last chunk.
        response.setHeader("Connection", "close");
        response.setContentLengthLong(-1);
        refusal.write(response);
      }
      if (writer == null) {
        response.getOutputStream().close();
      } else {
        response.getWriter().close();
      }
    } catch (IOException | RuntimeException e) { // one must not keep the others from being ended
      log.debug("A response could not be ended; its client has left", e);
    } finally {
      lock.unlock();
    }
  }

  /** The container may use the response for another request from now on. */
  void ended() {
    lock.lock();
    try {
      ended = true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public ServletOutputStream getOutputStream() throws IOException {
    lock.lock();
    try {
      Output made = output;
      if (made == null) {
        made = new Output(response.getOutputStream());
        output = made;
      }
      return made;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public PrintWriter getWriter() throws IOException {
    lock.lock();
    try {
      PrintWriter made = writer;
      if (made == null) {
        made = new PrintWriter(new Text(response.getWriter()));
        writer = made;
      }
      return made;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void flushBuffer() throws IOException {
    locked(response::flushBuffer);
  }

  @FunctionalInterface
  private interface Writing {
    void run() throws IOException;
  }

  private void locked(Writing writing) throws IOException {
    lock.lock();
    try {
      if (revoked) {
        throw new IOException("The API key of this request is no longer valid");
      }
      writing.run();
    } finally {
      lock.unlock();
    }
  }

  private final class Text extends Writer {
    private final PrintWriter out;

    Text(PrintWriter out) {
      this.out = out;
    }

    @Override
    public void write(char[] characters, int offset, int length) throws IOException {
      locked(() -> out.write(characters, offset, length));
    }

    @Override
    public void flush() throws IOException {
      locked(out::flush);
    }

    @Override
    public void close() throws IOException {
      locked(out::close);
    }
  }

  private final class Output extends ServletOutputStream {
    private final ServletOutputStream out;

    Output(ServletOutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int one) throws IOException {
      locked(() -> out.write(one));
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      locked(() -> out.write(bytes, offset, length));
    }

    @Override
    public void flush() throws IOException {
      locked(out::flush);
    }

    @Override
    public void close() throws IOException {
      lock.lock();
      try {
        if (!revoked) {
          out.close();
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public boolean isReady() {
      return out.isReady();
    }

    @Override
    public void setWriteListener(WriteListener listener) {
      out.setWriteListener(listener);
    }
  }
}
