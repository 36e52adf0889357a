package dev.longhaul.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.catalog.ToolHandler;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.queue.redis.RedisQueueFixture;
import dev.longhaul.testing.Figures;
import dev.longhaul.testing.RedisServer;
import dev.longhaul.testing.TcpProxy;
import dev.longhaul.testing.Tools;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A worker whose connections are dead although they were not closed. */
class HalfOpenConnectionTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Duration LEASE = Duration.ofSeconds(6);

  /** A long run uses 10 s, the default. */
  private static final Duration TIMEOUT = Duration.ofSeconds(Figures.LONG ? 10 : 2);

  private final AtomicInteger calls = new AtomicInteger();
  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);

  private final ToolHandler held =
      _ -> {
        calls.incrementAndGet();
        entered.countDown();
        WorkerFixture.waitFor(go);
        return Tools.text("");
      };

  @Test
  void theConnectionThatWaitsForJobs() {
    try (var redis = start();
        var proxy = proxy(redis);
        var fixture = fixture(proxy)) {
      go.countDown();
      fixture.start(WorkerFixture.tools("held", held));
      fixture.waitFor(fixture.enqueue("held", WorkerFixture.ONCE), JobState.COMPLETED);
      await().atMost(LIMIT).until(() -> !proxy.linksThatSent("BLPOP").isEmpty());

      proxy.linksThatSent("BLPOP").forEach(TcpProxy.Link::blackHole);
      measure("waiting", fixture, fixture.enqueue("held", WorkerFixture.ONCE));
      assertThat(calls).hasValue(2);
      assertCalm(proxy);
    }
  }

  @Test
  void theConnectionOfAllScripts() {
    try (var redis = start();
        var proxy = proxy(redis);
        var fixture = fixture(proxy)) {
      fixture.start(WorkerFixture.tools("held", held));
      JobId id = fixture.enqueue("held", WorkerFixture.ONCE);
      WorkerFixture.waitFor(entered);
      await().atMost(LIMIT).until(() -> !proxy.linksThatSent("BLPOP").isEmpty());

      // The connections that run steps and do not block: those of the front door and the worker.
      proxy.links().stream()
          .filter(link -> !proxy.linksThatSent("BLPOP").contains(link))
          .forEach(TcpProxy.Link::blackHole);
      go.countDown();
      measure("shared", fixture, id);
      assertThat(calls).hasValue(1);
      assertCalm(proxy);
    }
  }

  @Test
  void theConnectionThatRenewsLeases() {
    try (var redis = start();
        var proxy = proxy(redis);
        var fixture = fixture(proxy)) {
      String renewal = RedisQueueFixture.sha("RENEW");
      proxy.lookFor("BLPOP", renewal);
      fixture.start(WorkerFixture.tools("held", held));
      JobId id = fixture.enqueue("held", WorkerFixture.ONCE);
      WorkerFixture.waitFor(entered);
      await().atMost(LIMIT).until(() -> !proxy.linksThatSent(renewal).isEmpty());

      var dead = proxy.linksThatSent(renewal);
      dead.forEach(TcpProxy.Link::blackHole);
      long from = System.nanoTime();
      // The leases are renewed on another connection before they end.
      await()
          .atMost(LIMIT)
          .until(() -> {
            fixture.redis.otherWork().reap(10);
            return proxy.linksThatSent(renewal).stream().anyMatch(link -> !dead.contains(link));
          });
      Figures.row("half-open", "leases: renewed on a new connection after, seconds", seconds(from));
      go.countDown();
      fixture.waitFor(id, JobState.COMPLETED);
      assertThat(fixture.job(id).attempt()).isEqualTo(1);
      assertCalm(proxy);
    }
  }

  private static void measure(String connection, WorkerFixture fixture, JobId id) {
    long from = System.nanoTime();
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .until(() -> fixture.job(id).state() == JobState.COMPLETED);
    Figures.row(
        "half-open", connection + ": goes on on a new connection after, seconds", seconds(from));
  }

  private static long seconds(long from) {
    return Duration.ofNanos(System.nanoTime() - from).toSeconds();
  }

  /** Asserts that there is no busy loop: a few new connections, not hundreds. */
  private static void assertCalm(TcpProxy proxy) {
    assertThat(proxy.accepted()).isLessThan(40);
  }

  private static RedisServer start() {
    return RedisServer.start(RedisServer.onPath().orElseGet(RedisServer::bundled));
  }

  private static TcpProxy proxy(RedisServer redis) {
    TcpProxy proxy = TcpProxy.to(redis.port());
    proxy.lookFor("BLPOP");
    return proxy;
  }

  private static WorkerFixture fixture(TcpProxy proxy) {
    return new WorkerFixture("half-open", "redis://127.0.0.1:" + proxy.port(), LEASE, TIMEOUT);
  }
}
