package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.job.JobId;
import dev.longhaul.job.Outcome;
import dev.longhaul.mcp.McpHttp.Answer;
import dev.longhaul.mcp.McpHttp.Event;
import dev.longhaul.mcp.McpHttp.Stream;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.tool.Changes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.redis.core.StringRedisTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The HTTP+SSE transport of 2024-11-05. */
@Timeout(120)
class SseTest extends McpTest {
  @Autowired private StringRedisTemplate redis;
  @Autowired private Changes changes;
  private McpHttp sse;

  @BeforeEach
  void connectToSse() {
    sse = http.at("/sse");
  }

  @Test
  void r1_twoEndpointsOneForTheStreamAndOneForMessages() {
    Answer posted = sse.raw("{}").send();
    assertThat(posted.status()).isEqualTo(405);
    assertThat(posted.response.headers().firstValue("Allow")).contains("GET");
    Answer got = http.at("/messages").raw("").method("GET").send();
    assertThat(got.status()).isEqualTo(405);
    assertThat(got.response.headers().firstValue("Allow")).contains("POST");
  }

  @Test
  void r2_theStreamBeginsWithTheAddressToPostTo() {
    try (Stream stream = open()) {
      assertThat(stream.response.headers().firstValue("Content-Type").orElse(""))
          .startsWith("text/event-stream");
      Event first = stream.event();
      assertThat(first.name()).isEqualTo("endpoint");
      assertThat(first.data()).matches("/messages\\?sessionId=[A-Za-z0-9_-]{32}");
      assertThat(first.id()).isEmpty();
      McpHttp posts = http.at(first.data());
      initialize(posts, "2024-11-05");
      Event welcome = stream.event();
      assertThat(welcome.name()).isEqualTo("message");
      assertThat(welcome.json().path("result").path("protocolVersion").asString())
          .isEqualTo("2024-11-05");
    }
  }

  @Test
  void r2_aNewerClientOnTheOldTransportGetsItsRevision() {
    try (Stream stream = open()) {
      McpHttp posts = http.at(stream.event().data());
      initialize(posts, "2025-06-18");
      assertThat(stream.event().json().path("result").path("protocolVersion").asString())
          .isEqualTo("2025-06-18");
      initialize(posts, "1999-01-01");
      assertThat(stream.event().json().path("result").path("protocolVersion").asString())
          .isEqualTo("2025-11-25");
    }
  }

  @Test
  void r3_aPostIsAcknowledgedAndAnsweredOnTheStream() {
    try (Stream stream = open()) {
      McpHttp posts = http.at(stream.event().data());
      initialize(posts, "2024-11-05");
      stream.event();
      Answer taken =
          posts
              .raw(McpHttp.request(5, "tools/call", McpHttp.callParams("slow", "{}")).toString())
              .send();
      assertThat(taken.status()).isEqualTo(202);
      assertThat(taken.text).isEmpty();
      JobId job = intake.nextSubmitted();
      intake.finish(job, new Outcome.Answered(FakeIntake.text("later"), false));
      JsonNode answer = stream.event().json();
      assertThat(answer.path("id").asInt()).isEqualTo(5);
      assertThat(answer.toString()).contains("later");

      posts.raw(McpHttp.request(6, "no/such", Replies.object()).toString()).send();
      JsonNode error = stream.event().json();
      assertThat(error.path("id").asInt()).isEqualTo(6);
      assertThat(error.path("error").path("code").asInt()).isEqualTo(-32601);

      Answer notified =
          posts
              .raw(Replies.notification("notifications/initialized", Replies.object()).toString())
              .send();
      assertThat(notified.status()).isEqualTo(202);
    }
  }

  /** A POST ends before its call begins, so the call must not read from the request. */
  @Test
  void aClientOfTheNewestEarlierRevisionCanCallToolsHere() {
    try (Stream stream = open()) {
      McpHttp posts = http.at(stream.event().data());
      initialize(posts, "2025-11-25");
      stream.event();
      for (int id = 1; id <= 20; id++) {
        posts
            .raw(McpHttp.request(id, "tools/call", McpHttp.callParams("slow", "{}")).toString())
            .send();
        intake.finish(
            intake.nextSubmitted(), new Outcome.Answered(FakeIntake.text("later"), false));
        assertThat(stream.event().json().toString()).contains("later");
      }
    }
  }

  @Test
  void r3_aSessionIsToldOfChanges() {
    try (Stream stream = open()) {
      McpHttp posts = http.at(stream.event().data());
      initialize(posts, "2024-11-05");
      stream.event();
      changes.tools();
      assertThat(stream.event().data()).contains("notifications/tools/list_changed");
      posts
          .raw(
              McpHttp.request(2, "resources/subscribe", Replies.object().put("uri", "test://plain"))
                  .toString())
          .send();
      stream.event();
      changes.resource("test://plain");
      assertThat(stream.event().data()).contains("notifications/resources/updated");
    }
  }

  @Test
  void r3_aSessionHasAsManyCallsInProgressAsOnTheOtherTransport() {
    int many = 150;
    try (Stream stream = open()) {
      McpHttp posts = http.at(stream.event().data());
      initialize(posts, "2024-11-05");
      stream.event();
      for (int i = 1; i <= many; i++) {
        var params = McpHttp.callParams("slow", "{\"call\":" + i + "}");
        String call = McpHttp.request(i, "tools/call", params).toString();
        assertThat(posts.raw(call).send().status()).isEqualTo(202);
      }
      List<JobId> running = new ArrayList<>();
      while (running.size() < many) {
        running.add(intake.nextSubmitted());
      }
      Set<Integer> answered = new HashSet<>();
      for (JobId id : running) {
        intake.finish(id, new Outcome.Answered(FakeIntake.text("done"), false));
        JsonNode answer = stream.event().json();
        assertThat(answer.path("result").toString()).contains("done");
        answered.add(answer.path("id").asInt());
      }
      assertThat(answered).hasSize(many);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "HEAD", "PATCH", "FOO"})
  void r1_otherMethodsAreRefusedAsTheClientsMistake(String method) {
    assertThat(sse.raw("{}").method(method).send().status()).isEqualTo(405);
    assertThat(http.at("/messages").raw("{}").method(method).send().status()).isEqualTo(405);
  }

  @Test
  void r3_closingTheStreamEndsTheSession() {
    String address;
    try (Stream stream = open()) {
      address = stream.event().data();
      assertThat(ping(address).status()).isEqualTo(202);
    }
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(ping(address).status()).isEqualTo(404));
    String session = address.substring(address.indexOf('=') + 1);
    assertThat(redis.keys("*" + session + "*")).isEmpty();
  }

  @Test
  void r3_everyKeyOfASessionHasAShortTimeToLive() {
    try (Stream stream = open()) {
      String address = stream.event().data();
      ping(address);
      stream.event();
      String session = address.substring(address.indexOf('=') + 1);
      var keys = redis.keys("*" + session + "*");
      assertThat(keys).hasSizeGreaterThanOrEqualTo(3);
      for (String key : keys) {
        assertThat(redis.getExpire(key)).as(key).isPositive();
      }
      assertThat(redis.getExpire(session(keys))).isLessThanOrEqualTo(60);
    }
  }

  @Test
  void r3_whatIsNoMessageIsRefusedAtOnce() {
    assertThat(ping("/messages").status()).isEqualTo(400);
    assertThat(ping("/messages?sessionId=unknown").status()).isEqualTo(404);
    try (Stream stream = open()) {
      McpHttp posts = http.at(stream.event().data());
      assertThat(posts.raw("{").send().code()).isEqualTo(-32700);
      assertThat(posts.raw("[]").send().status()).isEqualTo(400);
      assertThat(posts.raw("x".repeat(70_000)).send().status()).isEqualTo(413);
      assertThat(posts.raw("{}").header("Content-Type", "text/plain").send().status())
          .isEqualTo(415);
    }
  }

  @Test
  void r3_aSessionOfOneTransportIsNoneOnTheOther() {
    String streamable = http.initialize("2025-11-25", "test");
    assertThat(ping("/messages?sessionId=" + streamable).status()).isEqualTo(404);
    try (Stream stream = open()) {
      String address = stream.event().data();
      String session = address.substring(address.indexOf('=') + 1);
      assertThat(http.legacy(session, "ping", Replies.object()).send().status()).isEqualTo(404);
    }
  }

  @Test
  void r4_theModernEndpointIsApart() {
    // An old client tries POST first; GET then gives 405, so it does not use this endpoint for SSE.
    ObjectNode params = Replies.object().put("protocolVersion", "2024-11-05");
    params.putObject("capabilities");
    Answer answer = http.raw(McpHttp.request(1, "initialize", params).toString()).send();
    assertThat(answer.result().path("protocolVersion").asString()).isEqualTo("2025-11-25");
    assertThat(http.raw("").method("GET").send().status()).isEqualTo(405);
  }

  private Stream open() {
    return sse.raw("").method("GET").open();
  }

  private Answer ping(String address) {
    return http.at(address).raw(McpHttp.request(9, "ping", Replies.object()).toString()).send();
  }

  private static String session(java.util.Set<String> keys) {
    return keys.stream().filter(key -> key.contains(":session:")).findFirst().orElseThrow();
  }

  private static void initialize(McpHttp posts, String version) {
    ObjectNode params = Replies.object().put("protocolVersion", version);
    params.putObject("capabilities");
    assertThat(posts.raw(McpHttp.request(1, "initialize", params).toString()).send().status())
        .isEqualTo(202);
  }
}
