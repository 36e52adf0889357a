package dev.longhaul.gateway.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.catalog.RedisChanges;
import dev.longhaul.catalog.RegisteredPrimitives;
import dev.longhaul.catalog.RegisteredTools;
import dev.longhaul.catalog.SubscribedResources;
import dev.longhaul.catalog.ToolPolicies;
import dev.longhaul.gateway.config.Connection;
import dev.longhaul.gateway.config.Entry;
import dev.longhaul.gateway.config.ToolRules;
import dev.longhaul.gateway.config.UpstreamConfig;
import dev.longhaul.gateway.config.UpstreamConfig.QuestionRule;
import dev.longhaul.gateway.config.UpstreamConfig.SessionScope;
import dev.longhaul.gateway.redis.RedisCatalogueStore;
import dev.longhaul.gateway.redis.RedisSubscriptionStore;
import dev.longhaul.redis.Channels;
import dev.longhaul.redis.KeyTags;
import dev.longhaul.redis.RedisConnections;
import dev.longhaul.testing.FakeUpstreams;
import dev.longhaul.testing.TestRedis;
import dev.longhaul.tool.Change;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Which updates upstreams are asked for, and which resources these are here, in several processes.
 */
class UpstreamSubscriptionsTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static LettuceConnectionFactory connections;
  private static RedisConnections redis;

  private final String namespace = TestRedis.namespace();
  private final FakeUpstreams upstreams = new FakeUpstreams();
  private final List<Member> processes = new ArrayList<>();

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

  @AfterEach
  void stop() {
    processes.forEach(Member::stop);
  }

  /** A process of one installation. */
  private final class Member {
    private final Channels channels = new Channels(redis);
    private final KeyTags tags = new KeyTags(namespace);
    private final RedisChanges changes =
        new RedisChanges(
            new ObjectProvider<>() {
              @Override
              public Channels getObject() {
                return channels;
              }
            },
            namespace);
    private final RedisSubscriptionStore store = new RedisSubscriptionStore(redis, channels, tags);
    private final SubscribedResources clients = new SubscribedResources();
    private final List<String> updated = new CopyOnWriteArrayList<>();
    private final UpstreamCatalogue catalogue;
    private final UpstreamSubscriptions subscriptions;
    private final Discovery discovery;

    Member(boolean worker) {
      catalogue =
          UpstreamCatalogue.of(
              new RedisCatalogueStore(redis, channels, tags),
              new RegisteredTools(),
              new RegisteredPrimitives(),
              new ToolPolicies(new StandardEnvironment()),
              () -> upstreams,
              changes,
              true);
      subscriptions =
          new UpstreamSubscriptions(clients, catalogue, store, changes, worker ? upstreams : null);
      discovery = new Discovery(upstreams, catalogue, Clock.systemUTC());
      discovery.start();
      catalogue.refresh();
      subscriptions.start();
      changes.listen(change -> {
        if (change instanceof Change.Resource(String uri)) {
          updated.add(uri);
        }
      });
      processes.add(this);
    }

    Member configured(String... names) {
      discovery.configured(Arrays.stream(names).map(UpstreamSubscriptionsTest::entry).toList());
      return this;
    }

    /** Waits until it serves the resource. */
    Member awaitServed(String uri) {
      await()
          .atMost(LIMIT)
          .until(() -> catalogue.primitives().resourceName(uri).filter(uri::equals).isPresent());
      return this;
    }

    void stop() {
      discovery.close();
      subscriptions.stop();
      catalogue.close();
      channels.close();
    }
  }

  private static Entry entry(String name) {
    return new Entry(
        name,
        "test",
        new UpstreamConfig(
            name,
            new Connection.Command(List.of(name), Map.of(), null),
            ToolRules.ALL,
            false,
            SessionScope.SHARED,
            QuestionRule.CLIENT,
            1,
            false,
            LIMIT),
        Entry.State.USED,
        null);
  }

  private void awaitAsked(String upstream, String... uris) {
    await()
        .atMost(LIMIT)
        .untilAsserted(() ->
            assertThat(upstreams.subscribed.getOrDefault(upstream, Set.of()))
                .containsExactlyInAnyOrder(uris));
  }

  private static void awaitUpdated(Member process, String... uris) {
    await().atMost(LIMIT).untilAsserted(() -> assertThat(process.updated).containsExactly(uris));
  }

  @Test
  void anUpstreamIsAskedForWhatAnyProcessWantsUntilNoneDoes() {
    upstreams.server("notes").resource("memo://x").announces = true;
    Member worker = new Member(true).configured("notes").awaitServed("memo://x");
    Member one = new Member(false).awaitServed("memo://x");
    Member two = new Member(false).awaitServed("memo://x");
    var first = one.clients.subscribe(Set.of("memo://x", "memo://y"));
    var second = two.clients.subscribe(Set.of("memo://x"));
    awaitAsked("notes", "memo://x", "memo://y");
    upstreams.updated("notes", "memo://x");
    awaitUpdated(one, "memo://x");
    awaitUpdated(two, "memo://x");
    awaitUpdated(worker, "memo://x");
    first.close();
    awaitAsked("notes", "memo://x");
    second.close();
    awaitAsked("notes");
    upstreams.updated("notes", "memo://x");
    one.changes.resource("memo://last");
    awaitUpdated(one, "memo://x", "memo://last");
  }

  @Test
  void aProcessThatIsGoneWantsNothing() {
    upstreams.server("notes").resource("memo://x").announces = true;
    Member worker = new Member(true).configured("notes").awaitServed("memo://x");
    Member stopped = new Member(false).awaitServed("memo://x");
    Member killed = new Member(false).awaitServed("memo://x");
    var _ = stopped.clients.subscribe(Set.of("memo://x"));
    var _ = killed.clients.subscribe(Set.of("memo://y"));
    awaitAsked("notes", "memo://x", "memo://y");
    stopped.subscriptions.stop();
    awaitAsked("notes", "memo://y");
    // As when its time is over.
    var _ =
        redis.run(
            on -> on.del(new KeyTags(namespace).tag() + ":up:wanted:" + killed.store.process()));
    worker.subscriptions.renew();
    awaitAsked("notes");
    killed.subscriptions.renew(); // it was only late
    worker.subscriptions.renew();
    awaitAsked("notes", "memo://y");
  }

  @Test
  void aResourceWithTheNameOfItsUpstreamIsThatUpstreams() {
    upstreams.server("a").resource("memo://x").template("memo://{+path}").announces = true;
    upstreams.server("b").resource("memo://x").template("memo://{+path}").announces = true;
    Member worker = new Member(true).configured("a", "b").awaitServed("x-b+memo://x");
    var _ = worker.clients.subscribe(Set.of("x-b+memo://x", "x-b+memo://of/template", "memo://1"));
    awaitAsked("a", "memo://1");
    awaitAsked("b", "memo://x", "memo://of/template");
    upstreams.updated("b", "memo://x");
    awaitUpdated(worker, "x-b+memo://x");
    upstreams.updated("b", "memo://of/template");
    awaitUpdated(worker, "x-b+memo://x", "x-b+memo://of/template");
    upstreams.updated("a", "memo://x"); // nobody has asked for it
    upstreams.updated("a", "memo://1");
    awaitUpdated(worker, "x-b+memo://x", "x-b+memo://of/template", "memo://1");
  }

  @Test
  void onlyUpstreamsThatAnnounceUpdatesAreAsked() {
    upstreams.server("mute").resource("memo://x").template("memo://{+path}");
    upstreams.server("notes").resource("note://x").announces = true;
    Member worker =
        new Member(true)
            .configured("mute", "notes")
            .awaitServed("memo://x")
            .awaitServed("note://x");
    var _ = worker.clients.subscribe(Set.of("memo://x", "note://x"));
    awaitAsked("notes", "note://x");
    assertThat(upstreams.subscribed).doesNotContainKey("mute");
  }

  @Test
  void anUpdateBelowAResourceIsOneOfIt() {
    upstreams.server("notes").resource("memo://x").announces = true;
    Member worker = new Member(true).configured("notes").awaitServed("memo://x");
    var _ = worker.clients.subscribe(Set.of("memo://x"));
    awaitAsked("notes", "memo://x");
    upstreams.updated("notes", "memo://xy");
    upstreams.updated("notes", "memo://x/part");
    awaitUpdated(worker, "memo://x");
  }

  @Test
  void ofOneUpstreamNotTooManyAreAskedFor() {
    upstreams.server("notes").resource("memo://x").announces = true;
    Member worker = new Member(true).configured("notes").awaitServed("memo://x");
    Member other = new Member(false).awaitServed("memo://x");
    var _ = worker.clients.subscribe(Set.of("memo://kept"));
    awaitAsked("notes", "memo://kept");
    var _ =
        other.clients.subscribe(
            IntStream.range(0, 1_500).mapToObj(i -> "memo://" + i).collect(Collectors.toSet()));
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(upstreams.subscribed.get("notes")).hasSize(1_000));
    assertThat(upstreams.subscribed.get("notes")).contains("memo://kept");
  }
}
