package dev.longhaul.gateway.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventStreamTest {
  private static EventStream of(String text) {
    return new EventStream(slowly(text), 100, null);
  }

  /** One byte at a time, as a network may bring it. */
  private static InputStream slowly(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8)) {
      @Override
      public synchronized int read(byte[] into, int from, int length) {
        return super.read(into, from, Math.min(1, length));
      }
    };
  }

  private static List<String> read(EventStream events) throws IOException {
    List<String> read = new ArrayList<>();
    EventStream.Event event = events.next();
    while (event != null) {
      read.add(event.type() + "=" + new String(event.data(), UTF_8));
      event = events.next();
    }
    return read;
  }

  @Test
  void linesMayEndInThreeWaysAndDataMayHaveSeveral() throws Exception {
    assertThat(
            read(
                of(
                    "\uFEFFdata: a\r\ndata:b\r\n\r\n: comment\revent: x\rdata: ä\r\rdata\n\n"
                        + "unknown: y\ndata:  z\n\ndata: no end")))
        .containsExactly("message=a\nb", "x=ä", "message= z");
  }

  @Test
  void theLastIdAndTheWaitAreKept() throws Exception {
    EventStream events =
        of("id: 1\ndata:\n\nretry: 1500\nretry: soon\nid: 2\ndata: x\n\nid: \u0001\ndata: y\n\n");
    assertThat(read(events)).containsExactly("message=x", "message=y");
    assertThat(events.lastId()).isEqualTo("2");
    assertThat(events.retry()).isEqualTo(Duration.ofMillis(1500));
    EventStream hasty = of("retry: 0\n\n");
    assertThat(read(hasty)).isEmpty();
    assertThat(hasty.retry()).isEqualTo(Duration.ofMillis(100));
  }

  @Test
  void anEventOfMoreThanTheLimitIsRefused() {
    EventStream one = of("data: " + "x".repeat(200) + "\n\n");
    EventStream many = of(("data: " + "x".repeat(40) + "\n").repeat(4) + "\n");
    assertThatThrownBy(() -> read(one)).isInstanceOf(UpstreamProtocolException.class);
    assertThatThrownBy(() -> read(many)).isInstanceOf(UpstreamProtocolException.class);
  }
}
