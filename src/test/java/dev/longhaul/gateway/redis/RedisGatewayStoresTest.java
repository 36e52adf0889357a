package dev.longhaul.gateway.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.gateway.call.CallMarks.Mark;
import dev.longhaul.job.JobId;
import dev.longhaul.redis.KeyTags;
import dev.longhaul.redis.RedisConnections;
import dev.longhaul.testing.TestRedis;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** The stores of the gateway, on a real Redis. */
class RedisGatewayStoresTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static LettuceConnectionFactory connections;
  private static RedisConnections redis;
  private final KeyTags tags = new KeyTags(TestRedis.namespace());

  @BeforeAll
  static void connect() {
    connections = TestRedis.connections();
    redis = new RedisConnections(connections, Duration.ofMinutes(1));
  }

  @AfterAll
  static void disconnect() {
    redis.close();
    connections.destroy();
  }

  private RedisUpstreamLeases leases() {
    return new RedisUpstreamLeases(redis, tags);
  }

  @Test
  void oneProcessHoldsAnUpstreamUntilItGivesItUp() {
    RedisUpstreamLeases leases = leases();
    assertThat(leases.hold("one", Set.of("notes", "files"), LONG))
        .containsExactlyInAnyOrder("notes", "files");
    assertThat(leases.hold("two", Set.of("notes", "web"), LONG)).containsExactly("web");
    assertThat(leases.hold("one", Set.of("notes"), LONG)).containsExactly("notes");

    leases.giveUp("two", Set.of("notes"));
    assertThat(leases.hold("two", Set.of("notes"), LONG)).isEmpty();
    leases.giveUp("one", Set.of("notes"));
    assertThat(leases.hold("two", Set.of("notes"), LONG)).containsExactly("notes");
  }

  @Test
  void aLeaseThatIsNotRenewedEnds() {
    RedisUpstreamLeases leases = leases();
    leases.hold("one", Set.of("notes"), Duration.ofMillis(50));
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> leases.hold("two", Set.of("notes"), LONG).contains("notes"));
  }

  @Test
  void whatAnEarlierAttemptHasDoneIsKnownUntilTheCallEnds() {
    var marks = new RedisCallMarks(redis, tags);
    JobId job = JobId.create(1_000, 0);
    assertThat(marks.find(job)).isEmpty();
    assertThat(marks.begin(job)).isEmpty();
    assertThat(marks.find(job)).contains(new Mark(null));
    assertThat(marks.begin(job)).contains(new Mark(null));
    marks.put(job, new Mark("task 7"));
    assertThat(marks.begin(job)).contains(new Mark("task 7"));
    assertThat(marks.find(job)).contains(new Mark("task 7"));
    marks.forget(job);
    await().atMost(Duration.ofSeconds(60)).until(() -> marks.find(job).isEmpty());
  }
}
