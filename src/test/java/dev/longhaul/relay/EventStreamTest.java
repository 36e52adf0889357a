package dev.longhaul.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EventStreamTest {

  private static EventStream stream(String text, int longest) {
    return new EventStream(
        new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), longest);
  }

  private static String data(EventStream.@Nullable Event event) {
    return event == null ? "none" : new String(event.data(), StandardCharsets.UTF_8);
  }

  @Test
  void eventsAreReadWithEveryEndOfLineAndWithoutComments() throws IOException {
    EventStream stream =
        stream(
            ": hello\n\nid: 7\r\nretry: 50\rdata: {\"ä\":\ndata:1}\n\n:\n\ndata: x\n\ndata: y", 99);
    EventStream.Event first = stream.next();
    assertThat(data(first)).isEqualTo("{\"ä\": 1}");
    assertThat(first).extracting("id", "retryMillis").containsExactly("7", 50L);
    assertThat(data(stream.next())).isEqualTo("x");
    assertThat(stream.next()).as("an event without its end").isNull();
  }

  @Test
  void anEventThatOnlyHasAnIdHasNoData() throws IOException {
    EventStream.Event event = stream("id: g.0\ndata:\n\n", 99).next();
    assertThat(event).extracting("id").isEqualTo("g.0");
    assertThat(data(event)).isEmpty();
  }

  @Test
  void anEventThatIsTooLargeEndsTheStream() {
    EventStream stream = stream("data: 12345\ndata: 67890\n\n", 12);
    assertThatThrownBy(stream::next).isInstanceOf(IOException.class).hasMessageContaining("12");
  }

  @Test
  void aLineThatIsTooLongIsSkippedToItsEnd() throws IOException {
    Lines lines =
        new Lines(
            new ByteArrayInputStream(
                ("short\n" + "x".repeat(40_000) + "\nnext").getBytes(StandardCharsets.UTF_8)),
            10);
    assertThat(lines.next()).asString().isEqualTo("short");
    assertThatThrownBy(lines::next).isInstanceOf(Lines.TooLongException.class);
    assertThat(lines.next()).asString().isEqualTo("next");
    assertThat(lines.next()).isNull();
  }
}
