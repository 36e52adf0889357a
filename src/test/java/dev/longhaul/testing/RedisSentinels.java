package dev.longhaul.testing;

import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A Redis master, its replicas and three sentinels, as real processes on loopback. */
public final class RedisSentinels implements AutoCloseable {
  /** The sentinels' name of the master. */
  public static final String NAME = "longhaul";

  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final List<RedisServer> servers = new ArrayList<>();
  private final List<RedisServer> sentinels = new ArrayList<>();

  private RedisSentinels() {}

  /**
   * Starts them, and waits until every replica is connected and every sentinel knows the others.
   */
  public static RedisSentinels start(Path program, int replicas) {
    RedisSentinels all = new RedisSentinels();
    try {
      RedisServer master = RedisServer.start(program, "repl-diskless-sync-delay 0");
      all.servers.add(master);
      for (int i = 0; i < replicas; i++) {
        all.servers.add(
            RedisServer.start(
                program, "repl-diskless-sync-delay 0", "replicaof 127.0.0.1 " + master.port()));
      }
      try (var client = RedisClient.create()) {
        var redis = client.connect(RedisURI.create(master.url())).sync();
        await()
            .atMost(LIMIT)
            .until(() -> count(redis.info("replication"), "state=online") == replicas);
        for (int i = 0; i < 3; i++) {
          all.sentinels.add(
              RedisServer.startSentinel(
                  program,
                  "sentinel monitor " + NAME + " 127.0.0.1 " + master.port() + " 2",
                  "sentinel down-after-milliseconds " + NAME + " 1000",
                  "sentinel failover-timeout " + NAME + " 10000"));
        }
        for (RedisServer sentinel : all.sentinels) {
          var asked = client.connect(RedisURI.create(sentinel.url()));
          await()
              .atMost(LIMIT)
              .until(() -> {
                String said = asked.sync().info("sentinel");
                return said.contains("slaves=" + replicas) && said.contains("sentinels=3");
              });
        }
      }
      return all;
    } catch (RuntimeException | Error e) {
      all.close();
      throw e;
    }
  }

  /** The server that was the master at the start. */
  public RedisServer firstMaster() {
    return servers.getFirst();
  }

  /** The first replica. */
  public RedisServer firstReplica() {
    return servers.get(1);
  }

  /** {@code host:port} of each sentinel. */
  public List<String> nodes() {
    return sentinels.stream().map(sentinel -> "127.0.0.1:" + sentinel.port()).toList();
  }

  @Override
  public void close() {
    sentinels.forEach(RedisServer::close);
    servers.forEach(RedisServer::close);
  }

  private static int count(String text, String part) {
    return text.split(part, -1).length - 1;
  }
}
