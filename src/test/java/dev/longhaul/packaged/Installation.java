package dev.longhaul.packaged;

import dev.longhaul.redis.KeyTags;
import dev.longhaul.testing.RedisServer;
import dev.longhaul.testing.WebhookReceiver;
import io.lettuce.core.RedisClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** An installation of Longhaul: one Redis, and processes of several builds. */
final class Installation implements AutoCloseable {
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  private final Path directory;
  private final RedisServer redis;
  private final RedisClient client;
  private final WebhookReceiver hooks = new WebhookReceiver();
  private final MarkingTools tools;
  private final Map<String, String> environment = new HashMap<>();
  private final Queue<RunningServer> started = new ConcurrentLinkedQueue<>();
  private final ExecutorService starts = Executors.newCachedThreadPool();

  /**
   * Starts Redis and no process of Longhaul.
   *
   * @param directory an empty one
   */
  Installation(Path directory) throws IOException {
    this.directory = directory;
    tools = new MarkingTools(directory);
    redis = RedisServer.start(RedisServer.bundled(), "maxmemory-policy noeviction");
    client = RedisClient.create(redis.url());
    environment.put("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1"); // starts faster
    environment.put("SPRING_DATA_REDIS_URL", redis.url());
    environment.put("LONGHAUL_TOOL_PATH", tools.jars().toString());
    environment.put("MARKS", tools.marks().toString());
    environment.put("LONGHAUL_QUEUE_LEASE", "3s");
    environment.put("LONGHAUL_WORKER_DRAIN", "3s");
    environment.put("LONGHAUL_WORKER_POOLS_IO_CONCURRENCY", "3");
    environment.put("LONGHAUL_TOOLS_ORDERED_CONCURRENCY", "1");
    environment.put("LONGHAUL_TOOLS_CACHED_CACHE", "1h");
    environment.put("LONGHAUL_TOOLS_READ_BREAKERFAILURES", "0");
    environment.put("LONGHAUL_NOTIFICATIONS_WEBHOOK_SECRETS", SECRET);
    environment.put("LONGHAUL_NOTIFICATIONS_WEBHOOK_ALLOWEDHOSTS", "127.0.0.1:" + hooks.port());
    environment.put("LONGHAUL_NOTIFICATIONS_WEBHOOK_ALLOWHTTP", "true");
  }

  /** Starts a process of a build and waits until it is ready. */
  RunningServer start(Path jar, String role) throws IOException {
    Path own = Files.createTempDirectory(directory, role);
    RunningServer server =
        RunningServer.start(
            jar, own, 0, environment, "--longhaul.role=" + role, "--spring.main.banner-mode=off");
    started.add(server);
    return server;
  }

  /** The same, beside what the test does meanwhile. */
  Future<RunningServer> starting(Path jar, String role) {
    return starts.submit(() -> start(jar, role));
  }

  MarkingTools tools() {
    return tools;
  }

  WebhookReceiver hooks() {
    return hooks;
  }

  /** What all processes agreed on, such as the layout that is written. */
  Map<String, String> agreement() {
    return hash("meta");
  }

  /** Pretends that a newer build writes this layout. */
  void writtenLayout(int layout) {
    try (var connection = client.connect()) {
      connection.sync().hset(key("meta"), "layout", Integer.toString(layout));
    }
  }

  /** What each process announces: until when, newest layout read, newest written, build. */
  List<String> announcements() {
    return List.copyOf(hash("processes").values());
  }

  private Map<String, String> hash(String name) {
    try (var connection = client.connect()) {
      return connection.sync().hgetall(key(name));
    }
  }

  private static String key(String name) {
    return new KeyTags("default").tag(0) + ":" + name;
  }

  @Override
  public void close() {
    started.forEach(RunningServer::close);
    starts.shutdownNow();
    client.shutdown();
    redis.close();
    hooks.close();
  }
}
