package dev.longhaul.mcp.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.mcp.stream.KeepAlive;
import dev.longhaul.mcp.stream.PushStream;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.thread.CoarseTimer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletResponse;

/** Reading a stream whose messages were removed or lost. */
class StreamPumpTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  private final MockHttpServletResponse response = new MockHttpServletResponse();
  private final KeepAlive keepAlive = new KeepAlive(LONG, new CoarseTimer("test"));
  private TestStores redis;
  private EventLog events;
  private String session;
  private StreamRef stream;

  @BeforeEach
  void begin() {
    redis = new TestStores(2);
    events = redis.stores.events();
    session = redis.session().id();
    open(StreamRef.Kind.PUSH);
  }

  private void open(StreamRef.Kind kind) {
    stream = StreamRef.next(session, kind);
    events.open(stream, Map.of());
  }

  @AfterEach
  void end() {
    keepAlive.close();
    redis.close();
  }

  @Test
  void whatWasDroppedIsPassedOverWhereItMayBe() throws Exception {
    append(5);
    assertThat(run(0)).isEqualTo(EventLog.State.OPEN);
    assertThat(response.getContentAsString()).doesNotContain("m3").contains("m4").contains("m5");
  }

  @Test
  void whatWasDroppedEndsAStreamThatIsTheOnlyWay() throws Exception {
    open(StreamRef.Kind.SSE);
    append(5);
    assertThat(run(0)).isEqualTo(EventLog.State.LOST);
    assertThat(response.getContentAsString()).doesNotContain("m4");
  }

  @Test
  void aStreamWithoutAGapGoesOn() throws Exception {
    open(StreamRef.Kind.SSE);
    append(2);
    assertThat(run(0)).isEqualTo(EventLog.State.OPEN);
    assertThat(response.getContentAsString()).contains("m1").contains("m2");
  }

  @Test
  void afterAFailoverThatLostMessagesTheNextOneStillArrives() throws Exception {
    append(3);
    // The client has read message 5, which this Redis does not have.
    assertThat(run(5)).isEqualTo(EventLog.State.OPEN);
    assertThat(response.getContentAsString()).contains("m3").doesNotContain("m2");
  }

  private void append(int messages) {
    for (int i = 1; i <= messages; i++) {
      events.append(stream, Replies.notification("m" + i, Replies.object()), false, null);
    }
  }

  /** Reads once, because the pump is stopped before it begins. */
  private EventLog.State run(long position) throws InterruptedException {
    long owner = events.take(stream).orElseThrow().owner();
    var pump = new StreamPump(events, stream, owner, position, LONG, LONG);
    pump.stop();
    try (var client = new PushStream(response, keepAlive)) {
      client.open(null, pump::wake);
      return pump.run(client);
    }
  }
}
