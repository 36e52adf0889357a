package dev.longhaul.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/** The tests' Redis as a container. */
final class RedisContainer {
  /** The image; {@code LONGHAUL_TEST_REDIS_IMAGE} may name another. */
  static final String IMAGE =
      Objects.requireNonNullElse(System.getenv("LONGHAUL_TEST_REDIS_IMAGE"), "redis:8");

  private static final Logger log = LoggerFactory.getLogger(RedisContainer.class);
  private static final int REDIS_PORT = 6379;
  private static final long PULL_LIMIT_SECONDS = 60;

  private RedisContainer() {}

  /**
   * Set by the build. Without it, Testcontainers first starts a reaper container, and searches for
   * minutes for its image where that is not available.
   */
  private static final String NO_REAPER = "TESTCONTAINERS_RYUK_DISABLED";

  /**
   * Inside a container, Testcontainers runs another image to find the engine's address, and may
   * search for minutes for that image, unless the address is set.
   */
  private static final String ENGINE_HOST = "TESTCONTAINERS_HOST_OVERRIDE";

  /** Whether an engine answers and the image is there or can be pulled soon. */
  static boolean isPossible() {
    if (!Boolean.parseBoolean(System.getenv(NO_REAPER))) {
      log.info("No container for the tests' Redis, because {} is not true", NO_REAPER);
      return false;
    }
    if (Files.exists(Path.of("/.dockerenv")) && System.getenv(ENGINE_HOST) == null) {
      log.info("No container for the tests' Redis: in a container, {} has to be set", ENGINE_HOST);
      return false;
    }
    // Checked first, because without an engine Testcontainers searches long and logs much.
    if (System.getenv("DOCKER_HOST") == null && !Files.exists(Path.of("/var/run/docker.sock"))) {
      return false;
    }
    try {
      return DockerClientFactory.instance().isDockerAvailable() && (hasImage() || pull());
    } catch (RuntimeException e) {
      log.info("No container for the tests' Redis: {}", e.toString());
      return false;
    }
  }

  /** Starts it and returns its URL; it ends with the JVM. */
  @SuppressWarnings("resource") // closed by the shutdown hook
  static String start() {
    var password = UUID.randomUUID().toString();
    var container =
        new GenericContainer<>(DockerImageName.parse(IMAGE))
            // Only options: the entry point of the image adds redis-server before them.
            .withCommand("--requirepass", password, "--save", "", "--appendonly", "no")
            .withExposedPorts(REDIS_PORT);
    container.start();
    Runtime.getRuntime().addShutdownHook(new Thread(container::stop, "stop test redis"));
    return "redis://:%s@%s:%d"
        .formatted(password, container.getHost(), container.getMappedPort(REDIS_PORT));
  }

  private static boolean hasImage() {
    return DockerClientFactory.lazyClient().listImagesCmd().exec().stream()
        .map(image -> image.getRepoTags())
        .filter(Objects::nonNull)
        .anyMatch(tags -> List.of(tags).contains(IMAGE));
  }

  private static boolean pull() {
    try {
      return DockerClientFactory.lazyClient()
          .pullImageCmd(IMAGE)
          .start()
          .awaitCompletion(PULL_LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
