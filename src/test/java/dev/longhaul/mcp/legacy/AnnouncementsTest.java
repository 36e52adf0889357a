package dev.longhaul.mcp.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import tools.jackson.databind.node.ObjectNode;

/** What sessions are told of while their stream goes from one process to another. */
class AnnouncementsTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  private LettuceConnectionFactory connections;
  private EventLog events;
  private Announcements before;
  private Announcements after;
  private StreamRef stream;

  @BeforeEach
  void begin() {
    connections =
        new LettuceConnectionFactory(
            LettuceConnectionFactory.createRedisConfiguration(TestRedis.url()));
    connections.afterPropertiesSet();
    connections.start();
    var redis = new StringRedisTemplate(connections);
    String namespace = TestRedis.namespace();
    LegacyKeys keys = LegacyKeys.of(namespace);
    events =
        new EventLog(
            redis, keys, new Signals(redis, keys), new EventLog.Limits(LONG, 100, 1_000_000));
    var pushStreams = new PushStreams(redis, keys, events, LONG);
    before = new Announcements(redis, keys, events, pushStreams, LONG);
    after = new Announcements(redis, keys, events, pushStreams, LONG);
    String session = SessionIds.next();
    new RedisSessionStore(redis, namespace, LONG, 100)
        .save(new Session(session, "ann", "2025-11-25", "test", "1", "{}", null, null));
    stream = StreamRef.next(session, StreamRef.Kind.PUSH);
    events.open(stream, Map.of());
    pushStreams.opened(stream);
    before.begin(stream, events.take(stream).orElseThrow().owner(), true);
  }

  @AfterEach
  void end() {
    connections.destroy();
  }

  @Test
  void aChangeWhileAStreamIsTakenOverIsTold() {
    after.expect(stream);
    long owner = events.take(stream).orElseThrow().owner();
    tellAll("changed meanwhile");
    after.begin(stream, owner, false);
    tellAll("changed later");
    assertThat(said(owner)).containsExactly("changed meanwhile", "changed later");
  }

  @Test
  void aStreamThatWasNotTakenOverAfterAllIsToldByTheProcessBeforeAlone() {
    after.expect(stream);
    after.gone(stream);
    tellAll("changed");
    assertThat(said(events.take(stream).orElseThrow().owner())).containsExactly("changed");
  }

  private void tellAll(String change) {
    ObjectNode message = Replies.notification(change, Replies.object());
    before.tellAll(message);
    after.tellAll(message);
  }

  private List<String> said(long owner) {
    return events.read(stream, owner, 0, LONG).messages().stream()
        .map(message -> message.replaceAll(".*\"method\":\"([^\"]+)\".*", "$1"))
        .toList();
  }
}
