package dev.longhaul.queue.redis.check;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.queue.redis.check.RedisCheckProperties.Mode;
import dev.longhaul.testing.TestRedis;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.redis.connection.RedisPassword;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Uses real servers; only a version that cannot be installed is simulated. */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(120)
class RedisCheckTest {
  private static TestRedis.Instance redis;

  @BeforeAll
  static void start() {
    redis = TestRedis.start();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @Test
  void aFitRedisLetsTheApplicationStart() {
    assertThat(problem(redis.port(), "", redis.password(), false)).isEmpty();
  }

  @Test
  void anUnreachableRedisIsNamedWithItsAddress() throws IOException {
    int closed;
    try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      closed = socket.getLocalPort();
    }
    assertThat(problem(closed, "", "", false))
        .hasValueSatisfying(problem -> {
          assertThat(problem.description())
              .startsWith("Redis at 127.0.0.1:" + closed + " cannot be reached:")
              .contains("Connection refused");
          assertThat(problem.action()).contains("spring.data.redis.url");
        });
  }

  @Test
  void aWrongPasswordIsCalledThatAndNotShown() {
    assertThat(problem(redis.port(), "", "not-the-password", false))
        .hasValueSatisfying(problem -> {
          assertThat(problem.description())
              .contains("does not accept the configured user name or password")
              .doesNotContain("not-the-password");
          assertThat(problem.action()).contains("spring.data.redis.password");
        });
  }

  @Test
  void aMissingPasswordIsCalledThat() {
    assertThat(problem(redis.port(), "", "", false))
        .hasValueSatisfying(problem -> {
          assertThat(problem.description()).contains("wants a password, and none is configured");
          assertThat(problem.action()).contains("spring.data.redis.password");
        });
  }

  @Test
  void aUserWithoutTheNeededCommandsIsToldWhichIsMissing() {
    user("blind", "+@all", "-info");
    assertThat(problem(redis.port(), "blind", "secret", false))
        .hasValueSatisfying(problem ->
            assertThat(problem.description())
                .contains("does not allow the configured user")
                .containsIgnoringCase("info"));
  }

  @Test
  void whatANewerLonghaulStoredIsNotTouched() {
    command("HSET", "{lh:default:0}:meta", "layout", "99");
    try {
      assertThat(problem(redis.port(), "", redis.password(), false))
          .hasValueSatisfying(problem -> {
            assertThat(problem.description()).contains("layout 99", "newer Longhaul");
            assertThat(problem.action()).contains("longhaul.namespace");
          });
    } finally {
      command("DEL", "{lh:default:0}:meta");
    }
  }

  @Test
  void anEvictingRedisIsRefusedUnlessTheLossIsAccepted() {
    evicting(() -> {
      assertThat(problem(redis.port(), "", redis.password(), false))
          .hasValueSatisfying(problem -> {
            assertThat(problem.description()).contains("maxmemory-policy allkeys-lru");
            assertThat(problem.action())
                .contains("noeviction", "longhaul.redis.allow-eviction=true");
          });
      assertThat(problem(redis.port(), "", redis.password(), true)).isEmpty();
    });
  }

  @Test
  void anEvictingRedisThatForbidsConfigIsFoundOutAllTheSame() {
    user("managed", "+@all", "-config");
    assertThat(problem(redis.port(), "managed", "secret", false)).isEmpty();
    evicting(() -> assertThat(problem(redis.port(), "managed", "secret", false)).isPresent());
  }

  @Test
  void aTooOldRedisIsRefusedWithItsVersion() throws IOException {
    try (var old = new FakeRedis("5.0.14")) {
      assertThat(problem(old.port(), "", "", false))
          .hasValueSatisfying(problem ->
              assertThat(problem.description())
                  .contains("is version 5.0.14; Longhaul needs 6.2.0 or newer"));
    }
  }

  @Test
  void aRedisThatDoesNotTellItsPolicyIsTakenWithAWarning(CapturedOutput output) throws IOException {
    try (var silent = new FakeRedis("7.4.0")) {
      try (var opened = open(silent.port(), "", "", false, Mode.FAIL)) {
        var check = opened.check();
        check.afterPropertiesSet();
      }
      assertThat(output).contains("does not tell its maxmemory-policy");
    }
  }

  @Test
  void aRedisThatKeepsNothingIsTakenWithAWarning(CapturedOutput output) {
    command("CONFIG", "SET", "appendonly", "no");
    try {
      try (var opened = open(redis.port(), "", redis.password(), false, Mode.FAIL)) {
        var check = opened.check();
        check.afterPropertiesSet();
      }
      assertThat(output).contains("keeps nothing on disk (appendonly no, save empty)");
    } finally {
      command("CONFIG", "SET", "appendonly", "yes");
    }
  }

  @Test
  void onlyTheApplicationFailsALibraryShowsItInTheHealth() {
    evicting(() -> {
      try (var opened = open(redis.port(), "", redis.password(), false, Mode.FAIL)) {
        var check = opened.check();
        assertThatThrownBy(check::afterPropertiesSet).isInstanceOf(UnusableRedisException.class);
      }
      try (var opened = open(redis.port(), "", redis.password(), false, Mode.REPORT)) {
        var check = opened.check();
        assertThatCode(check::afterPropertiesSet).doesNotThrowAnyException();
        var health = new RedisCheckHealthIndicator(check).health();
        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
        assertThat(health.getDetails()).containsKeys("problem", "action");
      }
    });
    try (var opened = open(redis.port(), "", redis.password(), false, Mode.REPORT)) {
      var check = opened.check();
      assertThat(new RedisCheckHealthIndicator(check).health().getStatus()).isEqualTo(Status.UP);
    }
  }

  @Test
  void theOperatorReadsTheProblemAndTheRemedy() {
    var failure =
        new IllegalStateException(
            "bean", new UnusableRedisException(new RedisProblem("What is wrong.", "What to do.")));
    var analysis = requireNonNull(new UnusableRedisFailureAnalyzer().analyze(failure));
    assertThat(analysis.getDescription()).isEqualTo("What is wrong.");
    assertThat(analysis.getAction()).isEqualTo("What to do.");
  }

  private static void evicting(Runnable during) {
    command("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
    try {
      during.run();
    } finally {
      command("CONFIG", "SET", "maxmemory-policy", "noeviction");
    }
  }

  private static void user(String name, String... rules) {
    command(
        Stream.concat(
                Stream.of("ACL", "SETUSER", name, "reset", "on", ">secret", "~*", "&*"),
                Stream.of(rules))
            .toArray(String[]::new));
  }

  private static void command(String... words) {
    var factory = factory(redis.port(), "", redis.password());
    try (var connection = factory.getConnection()) {
      connection.execute(
          words[0],
          Stream.of(words)
              .skip(1)
              .map(word -> word.getBytes(StandardCharsets.UTF_8))
              .toArray(byte[][]::new));
    } finally {
      factory.destroy();
    }
  }

  private static Optional<RedisProblem> problem(
      int port, String user, String password, boolean allowEviction) {
    try (var opened = open(port, user, password, allowEviction, Mode.FAIL)) {
      return opened.check().findProblem();
    }
  }

  private static Opened open(
      int port, String user, String password, boolean allowEviction, Mode mode) {
    var factory = factory(port, user, password);
    var properties = new RedisCheckProperties(mode, allowEviction);
    var address = RedisAddress.of(new Details(port));
    return new Opened(factory, new RedisCheck(factory, properties, address, "default"));
  }

  private static LettuceConnectionFactory factory(int port, String user, String password) {
    var configuration = new RedisStandaloneConfiguration("127.0.0.1", port);
    if (!user.isEmpty()) {
      configuration.setUsername(user);
    }
    configuration.setPassword(RedisPassword.of(password));
    var factory = new LettuceConnectionFactory(configuration);
    factory.afterPropertiesSet();
    factory.start();
    return factory;
  }

  private record Opened(LettuceConnectionFactory connections, RedisCheck check)
      implements AutoCloseable {
    @Override
    public void close() {
      connections.destroy();
    }
  }

  private record Details(int port) implements DataRedisConnectionDetails {
    @Override
    public Standalone getStandalone() {
      return Standalone.of("127.0.0.1", port);
    }
  }
}
