package dev.longhaul.mcp.stream;

import org.apache.coyote.http11.Http11NioProtocol;

/**
 * Tomcat's HTTP/1.1 protocol with small buffers, for thousands of open, mostly idle streams. Tomcat
 * keeps a connection's buffers, 90 KB by default, while its request lasts; these need less than
 * half. Larger bodies are transferred in more pieces.
 */
public final class ManyStreamsProtocol extends Http11NioProtocol {
  private static final int RESPONSE_BUFFER = 512;
  private static final int READ_BUFFER = 2_048;
  private static final int WRITE_BUFFER = 4_096;

  public ManyStreamsProtocol() {
    setProperty("socket.appReadBufSize", Integer.toString(READ_BUFFER));
    setProperty("socket.appWriteBufSize", Integer.toString(WRITE_BUFFER));
    // A thread that writes to a detached stream while Tomcat closes it must not find another
    // connection's socket in the channel.
    setProperty("socket.bufferPool", "0");
  }

  /** The buffers of the servlet's response, of bytes and of characters. */
  @Override
  public int getDesiredBufferSize() {
    return RESPONSE_BUFFER;
  }
}
