package dev.longhaul.queue.redis.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.queue.redis.check.RedisVersion;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.embedded.RedisServer;

@EnabledOnOs({OS.LINUX, OS.MAC})
class ServerProgramsTest {
  @TempDir Path directory;

  @Test
  void takesTheFirstOnThePathThatIsNewEnough() throws IOException {
    program("a/redis-server", "echo 'Redis server v=6.0.16 sha=00000000:0 malloc=jemalloc'");
    var valkey = program("b/valkey-server", "echo 'Valkey server v=8.0.1 sha=00000000:0'");

    var found = ServerPrograms.find(null, path("a", "b"), directory.resolve("cache"));

    assertThat(found.executable()).isEqualTo(valkey);
    assertThat(found.label()).isEqualTo("valkey-server 8.0.1");
  }

  @Test
  void takesTheBundledOneWhenThePathHasNoneThatFits() throws IOException {
    program("a/redis-server", "exit 127");

    var cache = directory.resolve("cache");
    var found = ServerPrograms.find(null, path("a", "", "absent"), cache);

    assertThat(found.executable()).startsWith(cache);
    assertThat(found.version()).isGreaterThanOrEqualTo(RedisVersion.OLDEST_SUPPORTED);
  }

  @Test
  void replacesABundledOneThatWasWrittenOnlyInPart() throws IOException {
    var cache = directory.resolve("cache");
    var first = ServerPrograms.find(null, "", cache).executable();
    Files.writeString(first, "half");

    assertThat(ServerPrograms.find(null, "", cache).executable()).isEqualTo(first);
  }

  @Test
  void triesOnlyTheConfiguredOneAndSaysWhatIsWrongWithIt() throws IOException {
    var old = program("a/redis-server", "echo 'Redis server v=5.0.14'");

    assertThatThrownBy(() -> ServerPrograms.find(old, "", directory))
        .isInstanceOf(EmbeddedRedisException.class)
        .hasMessageContaining("5.0.14, older than 6.2.0")
        .extracting(e -> ((EmbeddedRedisException) e).action())
        .asString()
        .contains("longhaul.embedded-redis.executable", "spring.data.redis.url", "OpenSSL 3");
  }

  @Test
  void saysWhatASystemSaysThatCannotRunTheProgram() throws IOException {
    // The output of the dynamic loader where OpenSSL 3 is missing.
    var broken =
        program(
            "a/redis-server", "echo 'libssl.so.3: cannot open shared object file' >&2; exit 127");

    assertThatThrownBy(() -> ServerPrograms.find(broken, "", directory))
        .hasMessageContaining("does not run here: libssl.so.3");
    assertThatThrownBy(() -> ServerPrograms.find(directory.resolve("absent"), "", directory))
        .hasMessageContaining("No such file");
  }

  @Test
  void everyBundledProgramIsInTheJar() {
    assertThat(BundledProgram.RESOURCES.values())
        .allSatisfy(
            resource -> assertThat(RedisServer.class.getResource("/" + resource)).isNotNull());
  }

  @Test
  void aHostWithoutTheJarIsToldWhatToAdd() {
    assertThatThrownBy(() -> BundledProgram.extract("absent", directory))
        .isInstanceOf(UnfitProgramException.class)
        .hasMessageContaining("adds com.github.codemonstur:embedded-redis");
  }

  @ParameterizedTest
  @CsvSource({
    "Linux,amd64,linux-amd64",
    "Linux,aarch64,linux-arm64",
    "Mac OS X,aarch64,darwin-arm64",
    "Windows 11,amd64,windows-amd64"
  })
  void knowsThePlatformByTheNamesOfTheJar(String os, String arch, String platform) {
    assertThat(BundledProgram.platform(os, arch)).isEqualTo(platform);
  }

  @Test
  void nothingIsBundledForWindowsBecauseTheJarHasOnlyVersionFive() {
    assertThat(BundledProgram.RESOURCES).doesNotContainKey("windows-amd64");
  }

  @Test
  void anOlderServerDoesNotStartEmptyBesideNewerData() throws IOException {
    Files.createDirectory(directory.resolve("appendonlydir"));
    try (var data = DataDirectory.take(directory)) {
      var old = new ServerProgram(Path.of("redis-server"), new RedisVersion(6, 2, 14));
      assertThatThrownBy(() -> data.refuseIfNewerThan(old))
          .isInstanceOf(EmbeddedRedisException.class)
          .hasMessageContaining("redis-server 6.2.14");
      data.refuseIfNewerThan(new ServerProgram(Path.of("redis-server"), new RedisVersion(7, 0, 0)));
    }
  }

  private Path program(String name, String body) throws IOException {
    var file = directory.resolve(name);
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    PrivateFiles.restrict(file, true);
    return file;
  }

  private String path(String... names) {
    var full = new StringBuilder();
    for (var name : names) {
      full.append(name.isEmpty() ? "" : directory.resolve(name)).append(File.pathSeparator);
    }
    return full.toString();
  }
}
