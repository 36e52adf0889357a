package dev.longhaul.mcp.modern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.longhaul.mcp.redis.RedisStateStore;
import dev.longhaul.redis.KeyTags;
import dev.longhaul.redis.RedisConnections;
import dev.longhaul.testing.TestRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Keys of {@code requestState} are rotated without a restart. */
class StateKeysTest {
  private static final String OLD = "the old secret of the server";
  private static final String NEW = "the new secret of the server";
  private static final Duration LIFE = Duration.ofHours(1);

  private static LettuceConnectionFactory connections;
  private static RedisConnections redis;

  @TempDir Path directory;
  private final String namespace = TestRedis.namespace();

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

  private StateKeys process(List<String> secrets, @Nullable Path file) {
    return new StateKeys(secrets, file, new RedisStateStore(redis, new KeyTags(namespace)), LIFE);
  }

  private StateKeys process() {
    return process(List.of(), null);
  }

  @Test
  void theSharedKeyIsRotatedForAllProcessesAndWhatItSignedStaysValid() {
    StateKeys one = process();
    StateKeys other = process();
    byte[] before = one.sign("text");
    assertThat(other.verify("text", before)).isTrue();

    assertThat(new StateKeysEndpoint(one).rotate().accepted()).isEqualTo(2);
    byte[] after = one.sign("text");
    assertThat(after).isNotEqualTo(before);
    assertThat(other.verify("text", after)).isTrue(); // at once, although it had the old ones
    assertThat(other.verify("text", before)).isTrue();
    assertThat(process().sign("text")).isEqualTo(after);

    assertThat(one.rotate()).isEqualTo(3);
    assertThat(process().verify("text", before)).isTrue();
    assertThat(process().verify("other", before)).isFalse();
  }

  @Test
  void aKeyBeforeIsAcceptedAsLongAsWhatItSignedIsValid() {
    StateKeys one = process();
    byte[] before = one.sign("text");
    one.rotate();
    String key = "{lh:" + namespace + "}:mcp:state-keys-before";
    long life = redis.run(on -> on.pttl(key));
    assertThat(life).isBetween(LIFE.toMillis(), LIFE.plusMinutes(2).toMillis());

    String old = redis.run(on -> on.zrange(key, 0, -1)).getFirst();
    var _ = redis.run(on -> on.zadd(key, 1, old)); // its time is over
    assertThat(process().verify("text", before)).isFalse();
  }

  @Test
  void aKeyWhoseTimeIsOverIsDeletedWithTheNextRotation() {
    StateKeys one = process();
    var _ = one.sign("text");
    one.rotate();
    String key = "{lh:" + namespace + "}:mcp:state-keys-before";
    String old = redis.run(on -> on.zrange(key, 0, -1)).getFirst();
    var _ = redis.run(on -> on.zadd(key, 1, old)); // its time is over
    one.rotate();
    List<String> before = redis.run(on -> on.zrange(key, 0, -1));
    assertThat(before).hasSize(1).doesNotContain(old);
  }

  @Test
  void aStoreThatIsAwayIsNotAskedForEachSignature() {
    var store = new Away();
    var now = new AtomicLong();
    StateKeys keys = new StateKeys(List.of(), null, store, LIFE, now::get);
    byte[] signature = keys.sign("text");
    store.away = true;
    now.addAndGet(Duration.ofSeconds(11).toNanos());
    assertThat(keys.sign("text")).isEqualTo(signature);
    assertThat(keys.verify("text", signature)).isTrue();
    assertThat(store.asked).isEqualTo(2);
    now.addAndGet(Duration.ofSeconds(11).toNanos());
    assertThat(keys.sign("text")).isEqualTo(signature);
    assertThat(store.asked).isEqualTo(3);
  }

  /** A store that can be switched off. */
  private static final class Away implements StateStore {
    private int asked;
    private boolean away;
    private @Nullable String key;

    @Override
    public boolean use(String nonce, Duration life) {
      return true;
    }

    @Override
    public List<String> keys(String made) {
      asked++;
      if (away) {
        throw new IllegalStateException("away");
      }
      String its = key == null ? made : key;
      key = its;
      return List.of(its);
    }

    @Override
    public List<String> rotate(String made, Duration life) {
      return List.of(made);
    }
  }

  @Test
  void aFileWithKeysIsReadAgain() throws IOException {
    Path file = Files.writeString(directory.resolve("keys"), OLD + "\n");
    StateKeys keys = process(List.of(), file);
    byte[] before = keys.sign("text");
    assertThat(before).isEqualTo(process(List.of(OLD), null).sign("text"));

    Files.writeString(file, NEW + "\n" + OLD + "\n");
    byte[] after = process(List.of(NEW), null).sign("text");
    await().until(() -> List.of(keys.sign("text")).getFirst()[0] == after[0]);
    assertThat(keys.sign("text")).isEqualTo(after);
    assertThat(keys.verify("text", before)).isTrue();
  }

  @Test
  void configuredKeysAreRotatedWhereTheyAreConfigured() throws IOException {
    assertThatThrownBy(() -> new StateKeysEndpoint(process(List.of(OLD), null)).rotate())
        .isInstanceOfSatisfying(
            InvalidEndpointRequestException.class,
            refusal -> assertThat(refusal.getReason()).contains("behind the others", "first"));
    Path file = Files.writeString(directory.resolve("keys"), OLD);
    assertThatThrownBy(() -> process(List.of(OLD), file)).hasMessageContaining("not both");
    Files.writeString(file, "short");
    assertThatThrownBy(() -> process(List.of(), file)).hasMessageContaining("16 characters");
  }
}
