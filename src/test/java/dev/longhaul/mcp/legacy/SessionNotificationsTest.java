package dev.longhaul.mcp.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.mcp.wire.Replies;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** Notifications of sessions while another process takes their stream over. */
class SessionNotificationsTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  private TestStores redis;
  private EventLog events;
  private SessionNotifications before;
  private SessionNotifications after;
  private StreamRef stream;

  @BeforeEach
  void begin() {
    redis = new TestStores(100);
    events = redis.stores.events();
    before = process();
    after = process();
    stream = StreamRef.next(redis.session().id(), StreamRef.Kind.PUSH);
    events.open(stream, Map.of());
    redis.stores.pushStreams().opened(stream);
    before.clientConnected(stream, events.take(stream).orElseThrow().owner(), true);
  }

  private SessionNotifications process() {
    return new SessionNotifications(
        events, redis.stores.pushStreams(), redis.stores.subscriptions(), LONG);
  }

  @AfterEach
  void end() {
    redis.close();
  }

  @Test
  void aChangeThatComesBetweenTheTakingOverAndTheEntryOfTheNewOwnerIsTold() {
    long owner = events.take(stream).orElseThrow().owner();
    tellAll("changed meanwhile", System.nanoTime());
    after.clientConnected(stream, owner, false);
    assertThat(said(owner)).containsExactly("changed meanwhile");
  }

  @Test
  void aChangeThatTheProcessBeforeHeardOfInTimeAndTellsLateIsTold() {
    long heard = System.nanoTime() - Duration.ofMinutes(1).toNanos();
    long owner = takenAgo(Duration.ofSeconds(59));
    before.notifyAllSessions(Replies.notification("heard before", Replies.object()), heard);
    assertThat(said(owner)).containsExactly("heard before");
  }

  @Test
  void whatComesLaterIsToldOnceByTheNewOwner() {
    long owner = takenAgo(Duration.ofMinutes(1));
    after.clientConnected(stream, owner, false);
    tellAll("changed later", System.nanoTime());
    tellAll("changed again", System.nanoTime());
    assertThat(said(owner)).containsExactly("changed later", "changed again");
  }

  private long takenAgo(Duration ago) {
    long owner = events.take(stream).orElseThrow().owner();
    redis.template().opsForHash().increment(redis.key("stream:" + stream), "a", -ago.toMillis());
    return owner;
  }

  private void tellAll(String change, long heard) {
    ObjectNode message = Replies.notification(change, Replies.object());
    before.notifyAllSessions(message, heard);
    after.notifyAllSessions(message, heard);
  }

  private List<String> said(long owner) {
    return events.read(stream, owner, 0, LONG).messages().stream()
        .map(message -> message.replaceAll(".*\"method\":\"([^\"]+)\".*", "$1"))
        .toList();
  }
}
