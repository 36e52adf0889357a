package dev.longhaul.cli.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.cli.Commands;
import dev.longhaul.cli.TestTerminal;
import dev.longhaul.queue.redis.embedded.EmbeddedRedis;
import dev.longhaul.queue.redis.embedded.EmbeddedRedisProperties;
import dev.longhaul.testing.TestRedis;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys made on the machine, with the Redis of the settings. */
class KeysCommandTest {
  private final String namespace = TestRedis.namespace();
  private TestTerminal terminal = TestTerminal.piped();

  @Test
  void theFirstKeyIsMadeAndItsSecretIsAllThatCanBePiped() {
    assertThat(keys("create", "prometheus", "--scopes", "metrics:read")).isZero();
    assertThat(terminal.out()).matches("lh_[A-Za-z0-9_-]{43}\\R");
    assertThat(terminal.err())
        .contains("prometheus permits metrics:read", "longhaul.security.api-keys.enabled=true");
    String secret = terminal.out().strip();

    assertThat(keys("list")).isZero();
    assertThat(terminal.out()).contains("prometheus", "metrics:read").doesNotContain(secret);

    assertThat(keys("rotate", "prometheus", "--keep", "1h")).isZero();
    assertThat(terminal.out()).startsWith("lh_").doesNotContain(secret);

    assertThat(keys("create", "prometheus", "--scopes", "jobs:read")).isEqualTo(1);
    assertThat(terminal.err()).contains("There is a key prometheus already");

    assertThat(keys("revoke", "prometheus")).isZero();
    assertThat(keys("revoke", "prometheus")).isEqualTo(1);
    assertThat(terminal.err()).contains("There is no key prometheus");
  }

  @Test
  void whatMakesNoSenseIsRefusedBeforeRedisIsAsked() {
    for (String line :
        List.of(
            "",
            "make x",
            "create",
            "create x",
            "create x --scopes everything",
            "create x --scopes jobs:read,",
            "create x y --scopes jobs:read",
            "list x",
            "list --scopes jobs:read",
            "rotate x --keep soon",
            "revoke")) {
      assertThat(run("keys " + line + " --spring.data.redis.url=redis://127.0.0.1:1"))
          .as(line)
          .isEqualTo(2);
    }
  }

  @Test
  void withoutRedisItSaysSoInALine() {
    assertThat(run("keys list --spring.data.redis.url=redis://127.0.0.1:1")).isEqualTo(1);
    assertThat(terminal.err()).contains("Redis").doesNotContain("\tat ");
  }

  @Test
  void theEmbeddedRedisIsReachedWhileItsServerRunsAndWhileItDoesNot(@TempDir Path data) {
    String here = " --longhaul.embedded-redis.data-directory=" + data;
    assertThat(run("keys create first --scopes jobs:admin" + here)).isZero();

    var properties =
        new EmbeddedRedisProperties(
            true, data, null, Duration.ofMinutes(2), Duration.ofSeconds(30), null);
    try (EmbeddedRedis server = EmbeddedRedis.start(properties)) {
      assertThat(run("keys create second --scopes jobs:read" + here)).isZero();
      assertThat(server.pid()).isPositive();
    }
    assertThat(run("keys list" + here)).isZero();
    assertThat(terminal.out()).contains("first", "second");
  }

  private int keys(String... arguments) {
    return run(
        Stream.concat(
                Stream.of("keys"),
                Stream.concat(
                    Arrays.stream(arguments),
                    Stream.of(
                        "--spring.data.redis.url=" + TestRedis.url(),
                        "--longhaul.namespace=" + namespace)))
            .toArray(String[]::new));
  }

  private int run(String line) {
    return run(line.strip().split(" +"));
  }

  private int run(String... arguments) {
    terminal = TestTerminal.piped();
    var defaults = new Properties();
    defaults.setProperty("longhaul.embedded-redis.enabled", "true");
    return terminal.run(new Commands(List.of(new KeysCommand()), () -> defaults), arguments);
  }
}
