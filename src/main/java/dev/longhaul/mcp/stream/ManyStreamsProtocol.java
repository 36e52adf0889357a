package dev.longhaul.mcp.stream;

import org.apache.coyote.http11.Http11NioProtocol;

/**
 * Tomcat's HTTP/1.1 for thousands of streams that are open and silent. Tomcat keeps all buffers of
 * a connection for as long as its request lasts, 90 KB by default, nearly none of which a stream of
 * short events needs; these take less than half. Larger bodies pass through in more pieces.
 */
public final class ManyStreamsProtocol extends Http11NioProtocol {
  private static final int RESPONSE_BUFFER = 512;
  private static final int READ_BUFFER = 2_048;
  private static final int WRITE_BUFFER = 4_096;

  public ManyStreamsProtocol() {
    setProperty("socket.appReadBufSize", Integer.toString(READ_BUFFER));
    setProperty("socket.appWriteBufSize", Integer.toString(WRITE_BUFFER));
  }

  /** The buffers of the servlet's response, of bytes and of characters. */
  @Override
  public int getDesiredBufferSize() {
    return RESPONSE_BUFFER;
  }
}
