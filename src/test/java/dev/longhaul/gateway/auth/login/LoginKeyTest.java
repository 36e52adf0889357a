package dev.longhaul.gateway.auth.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logins are stored encrypted. */
class LoginKeyTest {
  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00.123456Z");
  private static final Login LOGIN =
      new Login(
          "https://notes.example/mcp",
          URI.create("https://login.example/token"),
          null,
          new Login.Client("id", "s3cret", Login.Method.BASIC, true),
          "https://notes.example/mcp",
          new Login.Tokens("access", NOW, NOW.plusSeconds(60), "refresh", null));

  @Test
  void aGeneratedKeyIsInAFileOfItsOwnerAndOutlivesTheProcess(@TempDir Path folder)
      throws Exception {
    Path data = folder.resolve("data");
    String sealed = new LoginKey(null, data).seal("notes", LOGIN);
    assertThat(sealed).doesNotContain("refresh");
    assertThat(new LoginKey(null, data).open("notes", sealed)).isEqualTo(LOGIN);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file(data))))
        .isEqualTo("rw-------");
  }

  @Test
  void allWhoGenerateItAtOnceGetTheSameOne(@TempDir Path data) throws Exception {
    List<Callable<String>> sealing =
        Stream.generate(() -> (Callable<String>) () -> new LoginKey(null, data).seal("x", LOGIN))
            .limit(8)
            .toList();
    Set<Login> opened = new HashSet<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<String> each : threads.invokeAll(sealing)) {
        opened.add(new LoginKey(null, data).open("x", each.get()));
      }
    }
    assertThat(opened).containsExactly(LOGIN);
  }

  @Test
  void anotherKeyOrUpstreamDoesNotOpenIt(@TempDir Path data) throws Exception {
    String sealed = new LoginKey(null, data).seal("notes", LOGIN);
    assertThatThrownBy(() -> new LoginKey(null, data).open("files", sealed))
        .isInstanceOf(LoginFailedException.class);
    Files.delete(file(data));
    assertThatThrownBy(() -> new LoginKey(null, data).open("notes", sealed))
        .isInstanceOf(LoginFailedException.class)
        .hasMessageContaining("java -jar longhaul.jar upstreams login notes");
  }

  @Test
  void withoutAKeyAndWithARedisOfOthersItIsRefused() {
    assertThatThrownBy(() -> new LoginKey(null, null).seal("notes", LOGIN))
        .isInstanceOf(LoginFailedException.class)
        .hasMessageContaining("longhaul.security.encryption.key")
        .hasMessageContaining("openssl rand -base64 32");
  }

  @Test
  void nothingSecretIsInItsText() {
    assertThat(LOGIN.toString() + LOGIN.client() + LOGIN.tokens())
        .doesNotContain("s3cret")
        .doesNotContain("access")
        .doesNotContain("refresh");
  }

  private static Path file(Path data) {
    return data.resolve("upstream-logins.key");
  }
}
