package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.test.web.server.LocalServerPort;

/** The connection of a polling client is reused. */
@Timeout(120)
class KeptConnectionTest extends McpTest {
  private static final int REQUESTS = 1_000;
  private static final String REQUEST =
      "DELETE /sse HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n";

  @LocalServerPort private int port;

  @Test
  void aConnectionLivesThroughAThousandRequests() throws Exception {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      var out = socket.getOutputStream();
      var in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      for (int i = 0; i < REQUESTS; i++) {
        out.write(REQUEST.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        int length = 0;
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
          assertThat(line).isNotEqualToIgnoringCase("Connection: close");
          if (line.startsWith("Content-Length: ")) {
            length = Integer.parseInt(line, 16, line.length(), 10);
          }
        }
        assertThat(length).as("the length of answer %s", i).isPositive();
        assertThat(in.skip(length)).isEqualTo(length);
      }
    }
  }
}
