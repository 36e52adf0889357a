package dev.longhaul.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulApplication;
import dev.longhaul.notify.JobNotification;
import dev.longhaul.notify.Notification;
import dev.longhaul.notify.NotificationChannel;
import dev.longhaul.notify.NotificationDelivered;
import dev.longhaul.notify.NotificationFailed;
import dev.longhaul.notify.Receipt;
import dev.longhaul.outbound.HostResolver;
import dev.longhaul.rest.RestClient.Answer;
import dev.longhaul.testing.TestRedis;
import dev.longhaul.testing.WebhookReceiver;
import dev.longhaul.testing.WebhookReceiver.Received;
import dev.longhaul.testing.WebhookReceiver.Reply;
import dev.longhaul.tool.PermanentFailureException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** Webhooks and other channels: the whole application, a real Redis and a real receiver. */
@SpringBootTest(
    classes = {LonghaulApplication.class, WebhooksTest.Beans.class},
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "longhaul.notifications.backoff=10ms,20ms",
      "longhaul.notifications.timeout=60s",
      // Long, so that a late renewal on a busy machine does not cause another attempt.
      "longhaul.queue.lease=60s",
      "longhaul.notifications.max-result=200B",
      "longhaul.notifications.webhook.allow-http=true",
      "longhaul.notifications.webhook.secrets="
          + WebhooksTest.SECRET
          + ","
          + WebhooksTest.OLD_SECRET,
      "longhaul.mcp.public-url=https://jobs.example.com/",
      "longhaul.tools.fails.repeatable=true",
      "longhaul.tools.fails.attempts=1",
      "longhaul.tools.quick.execution=inline"
    })
@DirtiesContext
class WebhooksTest {
  static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  static final String OLD_SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final WebhookReceiver RECEIVER = new WebhookReceiver();

  @LocalServerPort private int port;
  @Autowired private Heard heard;
  @Autowired private Pager pager;
  @Autowired private Names names;
  @Autowired private Toolbox toolbox;
  private RestClient rest;

  @DynamicPropertySource
  static void settings(DynamicPropertyRegistry registry) {
    registry.add("spring.data.redis.url", TestRedis::url);
    String namespace = TestRedis.namespace();
    registry.add("longhaul.namespace", () -> namespace);
    registry.add(
        "longhaul.notifications.webhook.allowed-hosts",
        () -> "127.0.0.1:" + RECEIVER.port() + ",*.example.org,10.1.2.3");
  }

  static final class Toolbox {
    final CountDownLatch latch = new CountDownLatch(1);

    @McpTool(name = "quick", description = "Answers at once.")
    String quick(String text) {
      return text;
    }

    @McpTool(name = "fails", description = "Throws.")
    String fails() {
      if (latch.getCount() >= 0) {
        throw new IllegalStateException("it failed");
      }
      return "never";
    }

    @McpTool(name = "refuses", description = "Fails for good.")
    String refuses() {
      if (latch.getCount() >= 0) {
        throw new PermanentFailureException("never");
      }
      return "never";
    }

    @McpTool(name = "waits", description = "Waits for the test.")
    String waits() throws InterruptedException {
      return latch.await(60, TimeUnit.SECONDS) ? "done" : "forgotten";
    }
  }

  /** A user-defined channel, which fails once. */
  static final class Pager implements NotificationChannel {
    final Queue<Notification> calls = new ConcurrentLinkedQueue<>();

    @Override
    public String name() {
      return "pager";
    }

    @Override
    public Receipt deliver(Notification notification) {
      calls.add(notification);
      if (notification.attempt() == 1) {
        throw new IllegalStateException("out of paper");
      }
      return Receipt.DELIVERED;
    }
  }

  static final class Heard {
    final Queue<JobNotification> ends = new ConcurrentLinkedQueue<>();
    final Queue<NotificationDelivered> delivered = new ConcurrentLinkedQueue<>();
    final Queue<NotificationFailed> failed = new ConcurrentLinkedQueue<>();

    @EventListener
    void on(JobNotification event) {
      ends.add(event);
    }

    @EventListener
    void on(NotificationDelivered event) {
      delivered.add(event);
    }

    @EventListener
    void on(NotificationFailed event) {
      failed.add(event);
    }
  }

  /** Host names of an attacker, who controls the addresses. */
  static final class Names implements HostResolver {
    final Queue<String> asked = new ConcurrentLinkedQueue<>();

    @Override
    public InetAddress[] resolve(String host) throws java.net.UnknownHostException {
      asked.add(host);
      return host.endsWith(".example.org")
          ? new InetAddress[] {InetAddress.getLoopbackAddress()}
          : SYSTEM.resolve(host);
    }
  }

  @TestConfiguration(proxyBeanMethods = false)
  static class Beans {
    @Bean
    Toolbox toolbox() {
      return new Toolbox();
    }

    @Bean
    Pager pager() {
      return new Pager();
    }

    @Bean
    Heard heard() {
      return new Heard();
    }

    @Bean
    Names names() {
      return new Names();
    }
  }

  @BeforeEach
  void connect() {
    rest = new RestClient(port);
  }

  @AfterAll
  static void close() {
    RECEIVER.close();
  }

  private static String job(String tool, String arguments, String more) {
    return "{\"method\":\"tools/call\",\"params\":{\"name\":\"%s\",\"arguments\":%s},%s}"
        .formatted(tool, arguments, more);
  }

  private static String callback(String path) {
    return "\"callback_url\":\"" + RECEIVER.url(path) + "\"";
  }

  private String posted(String path, String body) {
    Answer answer = rest.post(path, body);
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(202);
    return answer.json().path("id").asString();
  }

  private String submitted(String tool, String arguments, String more) {
    return posted("/api/v1/jobs", job(tool, arguments, more));
  }

  private JsonNode deliveries(String subject) {
    Answer answer = rest.get("/api/v1/" + subject + "/deliveries");
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    return answer.json().path("deliveries");
  }

  private JsonNode settled(String subject, int count) {
    await()
        .atMost(LIMIT)
        .until(() -> {
          JsonNode deliveries = deliveries(subject);
          return deliveries.size() == count
              && deliveries
                  .valueStream()
                  .noneMatch(one -> one.path("state").asString().equals("pending"));
        });
    return deliveries(subject);
  }

  private static Received one(String path) {
    await().atMost(LIMIT).until(() -> !RECEIVER.on(path).isEmpty());
    return RECEIVER.on(path).getFirst();
  }

  @Test
  void aReceiverThatIsDownForAMomentIsToldLaterAndCanCheckWhoTold() {
    RECEIVER.answering(
        "/later", new Reply(503, Map.of("Retry-After", "0")), Reply.of(500), Reply.of(204));
    String id =
        submitted(
            "quick", "{\"text\":\"grüße\"}", callback("/later") + ",\"metadata\":{\"t\":\"1\"}");
    JsonNode delivery = settled("jobs/" + id, 1).get(0);

    List<Received> received = RECEIVER.on("/later");
    assertThat(received).hasSize(3);
    for (Received one : received) {
      assertThat(one.id()).isEqualTo("msg_" + id);
      assertThat(one.type()).isEqualTo("POST application/json");
      assertThat(one.signature()).isEqualTo(one.expected(SECRET) + " " + one.expected(OLD_SECRET));
      assertThat(Long.parseLong(one.timestamp())).isPositive();
    }
    JsonNode body = received.getLast().body();
    assertThat(body.path("type").asString()).isEqualTo("job.completed");
    JsonNode data = body.path("data");
    JsonNode shown = rest.get("/api/v1/jobs/" + id).json();
    assertThat(body.path("timestamp").asString()).isEqualTo(data.path("finished_at").asString());
    assertThat(data.path("id").asString()).isEqualTo(id);
    assertThat(data.path("state").asString()).isEqualTo("completed");
    assertThat(data.path("tool").asString()).isEqualTo("quick");
    assertThat(data.path("attempt").asInt()).isEqualTo(shown.path("attempt").asInt());
    assertThat(data.path("created_at").asString()).isEqualTo(shown.path("created_at").asString());
    assertThat(data.path("finished_at").asString()).isEqualTo(shown.path("finished_at").asString());
    assertThat(data.at("/metadata/t").asString()).isEqualTo("1");
    assertThat(data.at("/result/content/0/text").asString()).contains("grüße");
    assertThat(data.path("is_error").asBoolean()).isFalse();
    assertThat(data.path("error").isNull()).isTrue();
    assertThat(data.path("status_url").asString())
        .isEqualTo("https://jobs.example.com/api/v1/jobs/" + id);
    assertThat(data.path("result_url").asString())
        .isEqualTo("https://jobs.example.com/api/v1/jobs/" + id + "/result");

    assertThat(delivery.path("channel").asString()).isEqualTo("webhook");
    assertThat(delivery.path("event").asString()).isEqualTo("job.completed");
    assertThat(delivery.path("state").asString()).isEqualTo("delivered");
    assertThat(delivery.path("created_at").asString())
        .isEqualTo(shown.path("finished_at").asString());
    assertThat(delivery.path("attempts").valueStream().map(a -> a.path("status").asInt()))
        .containsExactly(503, 500, 204);
    assertThat(delivery.path("attempts").valueStream().map(a -> a.path("attempt").asInt()))
        .containsExactly(1, 2, 3);
    assertThat(delivery.at("/attempts/0/error").asString()).isEqualTo("HTTP_503");
    assertThat(delivery.at("/attempts/2/error").isNull()).isTrue();
    String deliveryId = delivery.path("id").asString();
    await()
        .atMost(LIMIT)
        .untilAsserted(() ->
            assertThat(heard.delivered)
                .filteredOn(event -> event.delivery().value().equals(deliveryId))
                .singleElement()
                .satisfies(event -> {
                  assertThat(event.channel()).isEqualTo("webhook");
                  assertThat(event.receipt().status()).isEqualTo(204);
                }));
    assertThat(rest.get("/api/v1/jobs?limit=500").response().body()).doesNotContain(deliveryId);
    assertThat(rest.get("/api/v1/jobs/" + deliveryId).json().path("tool").asString())
        .isEqualTo("longhaul.notify");
    assertThat(rest.get("/api/v1/tools").response().body()).doesNotContain("longhaul.notify");
    assertThat(rest.post("/api/v1/jobs", job("longhaul.notify", "{}", "\"priority\":0")).type())
        .isEqualTo("unknown-tool");
  }

  @Test
  void aLargeResultStaysWhereItIs() {
    String id = submitted("quick", "{\"text\":\"" + "x".repeat(500) + "\"}", callback("/large"));
    JsonNode data = one("/large").body().path("data");
    assertThat(data.path("id").asString()).isEqualTo(id);
    assertThat(data.path("result_omitted").asBoolean()).isTrue();
    assertThat(data.has("result")).isFalse();
  }

  @Test
  void oneThatIsGoneIsNotAskedAgainAndAReplayHasTheSameWebhookId() {
    RECEIVER.answering("/gone", Reply.of(410));
    String id = submitted("quick", "{\"text\":\"a\"}", callback("/gone"));
    JsonNode failed = settled("jobs/" + id, 1).get(0);
    assertThat(failed.path("state").asString()).isEqualTo("failed");
    assertThat(failed.path("attempts")).hasSize(1);
    assertThat(failed.at("/attempts/0/error").asString()).isEqualTo("HTTP_410");
    await()
        .atMost(LIMIT)
        .untilAsserted(() ->
            assertThat(heard.failed)
                .filteredOn(event -> event.notification().subject().value().equals(id))
                .singleElement()
                .satisfies(event -> assertThat(event.code()).isEqualTo("HTTP_410")));

    Answer replayed = rest.post("/api/v1/jobs/" + id + "/deliveries", "{\"channel\":\"webhook\"}");
    assertThat(replayed.status()).isEqualTo(202);
    assertThat(replayed.json().path("deliveries")).hasSize(1);
    String again = replayed.json().at("/deliveries/0/id").asString();
    assertThat(again).isNotEqualTo(failed.path("id").asString());
    JsonNode both = settled("jobs/" + id, 2);
    assertThat(both.get(1).path("id").asString()).isEqualTo(again);
    assertThat(both.get(1).path("state").asString()).isEqualTo("delivered");
    assertThat(RECEIVER.on("/gone")).extracting(Received::id).containsOnly("msg_" + id);

    assertThat(rest.post("/api/v1/jobs/" + id + "/deliveries", "").status()).isEqualTo(202);
    assertThat(settled("jobs/" + id, 3).get(2).path("state").asString()).isEqualTo("delivered");
  }

  @Test
  void aRedirectIsNotFollowedAndTheDeliveryEndsAsADeadLetterThatCanBeReplayed() {
    Reply elsewhere = new Reply(302, Map.of("Location", RECEIVER.url("/secret")));
    RECEIVER.answering("/moved", elsewhere, elsewhere, elsewhere);
    String id = submitted("quick", "{\"text\":\"a\"}", callback("/moved"));
    JsonNode delivery = settled("jobs/" + id, 1).get(0);
    assertThat(delivery.path("state").asString()).isEqualTo("failed");
    assertThat(delivery.path("attempts")).hasSize(3);
    assertThat(delivery.at("/attempts/2/message").asString()).contains("redirects");
    assertThat(RECEIVER.on("/secret")).isEmpty();

    String dead = delivery.path("id").asString();
    assertThat(rest.get("/api/v1/dead-letters").response().body()).contains(dead);
    assertThat(rest.post("/api/v1/dead-letters/" + dead + "/replay", "").status()).isEqualTo(202);
    await().atMost(LIMIT).until(() -> RECEIVER.on("/moved").size() == 4);
    assertThat(settled("jobs/" + id, 2).get(1).path("state").asString()).isEqualTo("delivered");
  }

  @Test
  void aNameThatLeadsIntoTheOwnNetworkIsRefusedWhenItIsConnectedTo() {
    String url = "http://trap.example.org:" + RECEIVER.port() + "/trap";
    String id = submitted("quick", "{\"text\":\"a\"}", "\"callback_url\":\"" + url + "\"");
    JsonNode delivery = settled("jobs/" + id, 1).get(0);
    assertThat(delivery.path("state").asString()).isEqualTo("failed");
    assertThat(delivery.at("/attempts/0/error").asString()).isEqualTo("ADDRESS_REFUSED");
    assertThat(delivery.path("attempts")).hasSize(1);
    // The name is resolved only once, so that the checked address is the one that is used.
    assertThat(names.asked).filteredOn("trap.example.org"::equals).hasSize(1);
    assertThat(RECEIVER.on("/trap")).isEmpty();
  }

  @Test
  void everyEndIsTold() {
    submitted("fails", "{}", callback("/dead"));
    Received dead = one("/dead");
    assertThat(dead.body().path("type").asString()).isEqualTo("job.dead");
    assertThat(dead.body().at("/data/error/message").asString()).contains("it failed");
    assertThat(dead.body().at("/data/error/code").asString()).isEqualTo("TOOL_FAILED");

    submitted("refuses", "{}", callback("/failed"));
    assertThat(one("/failed").body().path("type").asString()).isEqualTo("job.failed");

    String held = submitted("quick", "{\"text\":\"a\"}", callback("/cancelled") + ",\"held\":true");
    assertThat(deliveries("jobs/" + held)).isEmpty();
    Answer early = rest.post("/api/v1/jobs/" + held + "/deliveries", "{}");
    assertThat(early.type()).isEqualTo("not-finished");
    assertThat(rest.post("/api/v1/jobs/" + held + "/cancel", "").status()).isEqualTo(200);
    assertThat(one("/cancelled").body().path("type").asString()).isEqualTo("job.cancelled");

    String running = submitted("waits", "{}", callback("/running"));
    await()
        .atMost(LIMIT)
        .until(() ->
            rest.get("/api/v1/jobs/" + running).json().path("state").asString().equals("running"));
    assertThat(rest.post("/api/v1/jobs/" + running + "/cancel", "").status()).isEqualTo(200);
    assertThat(one("/running").body().path("type").asString()).isEqualTo("job.cancelled");

    String deleted =
        submitted("quick", "{\"text\":\"a\"}", callback("/deleted") + ",\"held\":true");
    assertThat(rest.delete("/api/v1/jobs/" + deleted + "?force=true").status()).isEqualTo(204);
    JsonNode data = one("/deleted").body().path("data");
    assertThat(data.path("id").asString()).isEqualTo(deleted);
    assertThat(data.path("state").asString()).isEqualTo("cancelled");
    assertThat(rest.get("/api/v1/jobs/" + deleted + "/deliveries").type()).isEqualTo("unknown-job");
  }

  @Test
  void batchesAndChainsTellOfTheirEndAsWell() {
    String child = "{\"tool\":\"quick\",\"arguments\":{\"text\":\"a\"}}";
    String batch =
        posted(
            "/api/v1/batches",
            "{\"name\":\"two\",\"jobs\":[%s,%s],%s,\"notify\":[\"event\"]}"
                .formatted(child, child, callback("/batch")));
    JsonNode told = one("/batch").body();
    assertThat(told.path("type").asString()).isEqualTo("batch.completed");
    assertThat(told.at("/data/id").asString()).isEqualTo(batch);
    assertThat(told.at("/data/name").asString()).isEqualTo("two");
    assertThat(told.at("/data/completed").asInt()).isEqualTo(2);
    assertThat(told.at("/data/total").asInt()).isEqualTo(2);
    assertThat(told.at("/data/result_url").asString())
        .isEqualTo("https://jobs.example.com/api/v1/batches/" + batch + "/results");
    assertThat(settled("batches/" + batch, 2)).hasSize(2);
    assertThat(heard.ends).extracting(event -> event.notification().id()).contains("msg_" + batch);
    assertThat(rest.get("/api/v1/chains/" + batch + "/deliveries").type())
        .isEqualTo("unknown-chain");
    assertThat(
            rest.post("/api/v1/batches/" + batch + "/deliveries", "{\"channel\":\"webhook\"}")
                .status())
        .isEqualTo(202);
    await().atMost(LIMIT).until(() -> RECEIVER.on("/batch").size() == 2);

    String chain =
        posted(
            "/api/v1/chains",
            "{\"steps\":[{\"tool\":\"refuses\",%s},%s],%s}"
                .formatted(callback("/step"), child, callback("/chain")));
    assertThat(one("/chain").body().path("type").asString()).isEqualTo("chain.failed");
    assertThat(one("/step").body().at("/data/flow_id").asString()).isEqualTo(chain);
    assertThat(settled("chains/" + chain, 1).get(0).path("state").asString())
        .isEqualTo("delivered");
    assertThat(rest.post("/api/v1/chains/" + chain + "/deliveries", "").status()).isEqualTo(202);
    await().atMost(LIMIT).until(() -> RECEIVER.on("/chain").size() == 2);
  }

  @Test
  void aCallbackOfABatchOrChainCanBeAWebhook() {
    String child = "{\"tool\":\"quick\",\"arguments\":{\"text\":\"a\"}}";
    String batch =
        posted(
            "/api/v1/batches",
            "{\"jobs\":[%s,%s],\"then\":[{%s},%s],\"catch\":[{%s}],\"finally\":[{%s}]}"
                .formatted(
                    child,
                    child,
                    callback("/then"),
                    child,
                    callback("/never"),
                    callback("/finally")));

    JsonNode then = one("/then").body();
    assertThat(then.path("type").asString()).isEqualTo("batch.completed");
    assertThat(then.at("/data/id").asString()).isEqualTo(batch);
    assertThat(then.at("/data/state").asString()).isEqualTo("completed");
    assertThat(then.at("/data/completed").asInt()).isEqualTo(2);
    assertThat(one("/finally").body().path("type").asString()).isEqualTo("batch.completed");
    assertThat(one("/finally").id())
        .isEqualTo("msg_" + batch + "_finally")
        .isNotEqualTo(one("/then").id());
    assertThat(deliveries("batches/" + batch)).isNotEmpty();

    String chain =
        posted(
            "/api/v1/chains",
            "{\"steps\":[{\"tool\":\"refuses\"},%s],\"catch\":[{%s}]}"
                .formatted(child, callback("/catch")));
    JsonNode failure = one("/catch").body();
    assertThat(failure.path("type").asString()).isEqualTo("chain.first_failure");
    assertThat(failure.at("/data/id").asString()).isEqualTo(chain);
    assertThat(RECEIVER.on("/never")).isEmpty();

    Reply broken = Reply.of(500);
    RECEIVER.answering("/down", broken, broken, broken);
    String later =
        posted(
            "/api/v1/batches",
            "{\"jobs\":[%s],\"finally\":[{%s}]}".formatted(child, callback("/down")));
    JsonNode given = settled("batches/" + later, 1).get(0);
    assertThat(given.path("state").asString()).isEqualTo("failed");
    String dead = given.path("id").asString();
    await()
        .atMost(LIMIT)
        .until(() -> rest.get("/api/v1/dead-letters").response().body().contains(dead));
    assertThat(rest.post("/api/v1/dead-letters/" + dead + "/replay", "").status()).isEqualTo(202);
    await().atMost(LIMIT).until(() -> RECEIVER.on("/down").size() == 4);
    assertThat(RECEIVER.on("/down").getLast().body().at("/data/id").asString()).isEqualTo(later);

    Answer nowhere =
        rest.post(
            "/api/v1/batches",
            "{\"jobs\":[%s],\"then\":[{\"callback_url\":null}]}".formatted(child));
    // Null counts as absent, so this callback has no target.
    assertThat(nowhere.json().at("/violations/0/path").asString()).isEqualTo("/then/0");

    Answer refused =
        rest.post(
            "/api/v1/batches",
            "{\"jobs\":[%s],\"finally\":[%s,{\"callback_url\":\"https://x.example.com/\"}]}"
                .formatted(child, child));
    assertThat(refused.json().at("/violations/0/path").asString())
        .isEqualTo("/finally/1/callback_url");
    assertThat(refused.json().at("/violations/0/message").asString()).contains("allowed-hosts");
  }

  @Test
  void aBeanOfAUserIsAChannelWithRetriesAndALog() {
    String id = submitted("quick", "{\"text\":\"a\"}", "\"notify\":[\"pager\",\"event\",\"log\"]");
    JsonNode deliveries = settled("jobs/" + id, 3);
    assertThat(deliveries.valueStream().map(one -> one.path("channel").asString()))
        .containsExactlyInAnyOrder("pager", "event", "log");
    assertThat(deliveries.valueStream().map(one -> one.path("state").asString()))
        .containsOnly("delivered");
    JsonNode paged =
        deliveries
            .valueStream()
            .filter(one -> one.path("channel").asString().equals("pager"))
            .findFirst()
            .orElseThrow();
    assertThat(paged.path("attempts")).hasSize(2);
    assertThat(paged.at("/attempts/0/error").asString()).isEqualTo("IllegalStateException");
    assertThat(paged.at("/attempts/0/message").asString()).isEqualTo("out of paper");
    assertThat(pager.calls)
        .filteredOn(call -> call.subject().value().equals(id))
        .extracting(Notification::attempt)
        .containsExactly(1, 2);
    assertThat(heard.ends)
        .filteredOn(event -> event.notification().subject().value().equals(id))
        .singleElement()
        .satisfies(event -> {
          assertThat(event.notification().type()).isEqualTo("job.completed");
          assertThat(event.notification().owner()).isEqualTo("local");
        });
    assertThat(rest.post("/api/v1/jobs/" + id + "/deliveries", "{\"channel\":\"webhook\"}").type())
        .isEqualTo("invalid-request");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https://elsewhere.example.com/x|longhaul.notifications.webhook.allowed-hosts",
        "https://10.9.9.9/x|longhaul.notifications.webhook.allowed-hosts",
        "http://127.0.0.1:1/x|longhaul.notifications.webhook.allowed-hosts",
        "ftp://a.example.org/x|https://",
        "/only/a/path|https://",
        "https://user:pass@a.example.org/|user name",
        "https:///nohost|host",
        "https://a.example.org:99999/|port",
        "https://a.example.org/#part|fragment",
        "https://a b.example.org/|not a URL"
      })
  void aBadCallbackUrlIsRefusedOnItsField(String url, String hint) {
    Answer answer =
        rest.post(
            "/api/v1/jobs",
            job("quick", "{}", "\"callback_url\":\"" + url + "\"")
                .replace("\"arguments\":{}", "\"arguments\":{\"text\":\"a\"}"));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.type()).isEqualTo("invalid-request");
    assertThat(answer.json().at("/violations/0/path").asString()).isEqualTo("/callback_url");
    assertThat(answer.json().at("/violations/0/message").asString()).contains(hint);
  }

  @Test
  void whatElseIsWrongIsRefusedOnItsField() {
    Answer tooLong =
        rest.post(
            "/api/v1/jobs",
            job(
                "quick",
                "{\"text\":\"a\"}",
                "\"callback_url\":\"https://a.example.org/" + "x".repeat(2_000) + "\""));
    assertThat(tooLong.json().at("/violations/0/path").asString()).isEqualTo("/callback_url");
    for (String wrong : List.of("\"event\"", "[1]", "[\"nobody\"]", "[\"webhook\"]")) {
      Answer answer =
          rest.post("/api/v1/jobs", job("quick", "{\"text\":\"a\"}", "\"notify\":" + wrong));
      assertThat(answer.status()).as(wrong).isEqualTo(400);
      assertThat(answer.json().at("/violations/0/path").asString()).isEqualTo("/notify");
    }
    Answer batch =
        rest.post(
            "/api/v1/batches",
            "{\"jobs\":[{\"tool\":\"quick\",\"arguments\":{\"text\":\"a\"},"
                + "\"callback_url\":\"https://x.example.com/\"}],"
                + "\"callback_url\":\"https://y.example.com/\"}");
    assertThat(batch.json().path("violations").valueStream().map(v -> v.path("path").asString()))
        .containsExactly("/jobs/0/callback_url", "/callback_url");
    Answer chain =
        rest.post(
            "/api/v1/chains",
            "{\"steps\":[{\"tool\":\"quick\",\"arguments\":{\"text\":\"a\"}}],\"notify\":7}");
    assertThat(chain.json().at("/violations/0/path").asString()).isEqualTo("/notify");
    assertThat(rest.get("/api/v1/jobs/nonsense/deliveries").type()).isEqualTo("unknown-job");
    String quiet = submitted("quick", "{\"text\":\"a\"}", "\"priority\":0");
    await()
        .atMost(LIMIT)
        .until(() ->
            rest.get("/api/v1/jobs/" + quiet).json().path("state").asString().equals("completed"));
    assertThat(deliveries("jobs/" + quiet)).isEmpty();
    Answer nobody = rest.post("/api/v1/jobs/" + quiet + "/deliveries", "");
    assertThat(nobody.status()).isEqualTo(400);
    assertThat(nobody.json().path("detail").asString()).contains("callback_url");
    Answer unknown = rest.post("/api/v1/jobs/" + quiet + "/deliveries", "{\"chanel\":\"a\"}");
    assertThat(unknown.status()).isEqualTo(400);
    toolbox.latch.countDown();
  }
}
