package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.job.JobId;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Progress;
import dev.longhaul.mcp.McpHttp.Answer;
import dev.longhaul.mcp.McpHttp.Event;
import dev.longhaul.mcp.McpHttp.Stream;
import dev.longhaul.mcp.legacy.LegacyStreams;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.tool.Changes;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.redis.core.StringRedisTemplate;
import tools.jackson.databind.node.ObjectNode;

/** The event streams of sessions: GET, resumption, and the routing of messages to streams. */
@Timeout(120)
class LegacyStreamsTest extends McpTest {
  @Autowired private LegacyStreams streams;
  @Autowired private Changes changes;
  @Autowired private StringRedisTemplate redis;

  @Test
  void p4_getOpensAStreamOfItsSession() {
    String session = http.initialize("2025-11-25", "test");
    try (Stream stream = http.listen(session, null)) {
      assertThat(stream.response.statusCode()).isEqualTo(200);
      assertThat(stream.response.headers().firstValue("Content-Type").orElse(""))
          .startsWith("text/event-stream");
      assertThat(stream.response.headers().firstValue("X-Accel-Buffering")).contains("no");
      Event first = stream.event();
      assertThat(first.id()).matches("g[A-Za-z0-9_-]{11}\\.0");
      assertThat(first.data()).isEmpty();
      changes.tools();
      Event told = stream.event();
      assertThat(told.name()).isEqualTo("message");
      assertThat(told.json().path("method").asString())
          .isEqualTo("notifications/tools/list_changed");
      assertThat(told.json().has("id")).isFalse();
    }
  }

  @Test
  void aStreamSaysToComeBackWhenARestartIsOverUnlessItsClientMayTakeThatForBroken() {
    assertThat(firstOfCall("test", "node").retry()).isEqualTo("15000");
    for (String name : List.of("Java SDK MCP Client", "spring-ai-mcp-client - orders")) {
      Event first = firstOfCall(name, "node");
      assertThat(first.id()).endsWith(".0");
      assertThat(first.retry()).isEmpty();
    }
    // The JDK's HTTP client is recognised by its User-Agent: it may be the same SDK under any name.
    assertThat(firstOfCall("test", "Java-http-client/25").retry()).isEmpty();
    String session = http.initialize("2025-11-25", "test");
    McpHttp.Builder get =
        http.raw("")
            .method("GET")
            .header("Mcp-Session-Id", session)
            .header("Content-Type", null)
            .header("User-Agent", "node");
    try (Stream stream = get.open()) {
      assertThat(stream.event().retry()).isEqualTo("15000");
    }
  }

  private Event firstOfCall(String name, String userAgent) {
    String session = http.initialize("2025-11-25", name);
    ObjectNode call = McpHttp.callParams("slow", "{}");
    try (Stream stream =
        http.legacy(session, "tools/call", call).header("User-Agent", userAgent).open()) {
      return stream.event();
    }
  }

  @Test
  void p4_whatASessionSubscribedToLivesAsLongAsTheSession() {
    String session = http.initialize("2025-11-25", "test");
    ObjectNode uri = Replies.object().put("uri", "test://plain");
    http.legacy(session, "resources/subscribe", uri).send();
    String key = redis.keys("*:subs:" + session).iterator().next();
    redis.expire(key, Duration.ofSeconds(60));
    http.legacy(session, "ping", Replies.object()).send();
    assertThat(redis.getExpire(key)).isGreaterThan(3_600);

    try (Stream stream = http.listen(session, null)) {
      stream.event();
      String streamsOfSession = redis.keys("*:gets:" + session).iterator().next();
      redis.expire(key, Duration.ofSeconds(60));
      redis.expire(streamsOfSession, Duration.ofSeconds(60));
      changes.resource("test://plain");
      stream.event();
      // The event shows that the stream has read since, which renews the keys.
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> {
            assertThat(redis.getExpire(key)).isGreaterThan(3_600);
            assertThat(redis.getExpire(streamsOfSession)).isGreaterThan(3_600);
          });
    }
  }

  @Test
  void p4_aJobIsAResourceThatCanBeSubscribedTo() {
    String session = http.initialize("2025-11-25", "impatient");
    http.legacy(session, "tools/call", McpHttp.callParams("slow", "{}")).send();
    JobId job = intake.nextSubmitted();
    String uri = "longhaul://jobs/" + job.value();
    try (Stream stream = http.listen(session, null)) {
      stream.event();
      assertThat(subscribe(session, uri).result().toString()).isEqualTo("{}");
      intake.progress(job, new Progress(0.5, "half"));
      Event told = stream.event();
      assertThat(told.data()).contains("notifications/resources/updated").contains(uri);
    }
    assertThat(subscribe(session, "longhaul://jobs/none").code()).isEqualTo(-32002);
    JobId unknown = JobId.create(1, job.shard());
    assertThat(subscribe(session, "longhaul://jobs/" + unknown.value() + "/result").code())
        .isEqualTo(-32002);
  }

  private Answer subscribe(String session, String uri) {
    return http.legacy(session, "resources/subscribe", Replies.object().put("uri", uri)).send();
  }

  @Test
  void p5_aCallWhoseJobIsForgottenEndsWithAnErrorForWhoeverResumesIt() {
    String session = http.initialize("2025-11-25", "test");
    String first;
    try (Stream call =
        http.legacy(session, "tools/call", McpHttp.callParams("slow", "{}")).open()) {
      first = call.event().id();
      intake.nextSubmitted();
    }
    intake.forgetAll();
    try (Stream rest = http.listen(session, first)) {
      rest.event();
      assertThat(rest.event().json().has("error")).isTrue();
      assertThat(rest.ended()).isTrue();
    }
  }

  @Test
  void p4_aMessageGoesToOneStreamOnly() {
    String session = http.initialize("2025-11-25", "test");
    try (Stream older = http.listen(session, null);
        Stream newer = http.listen(session, null)) {
      String last = "";
      older.event();
      newer.event();
      for (int i = 0; i < 3; i++) {
        changes.prompts();
        Event told = newer.event();
        assertThat(told.json().path("method").asString())
            .isEqualTo("notifications/prompts/list_changed");
        assertThat(told.id()).isNotEqualTo(last);
        last = told.id();
      }
      // The older stream only gets the end of the session.
      http.raw("").method("DELETE").header("Mcp-Session-Id", session).send();
      assertThat(older.ended()).isTrue();
      assertThat(newer.ended()).isTrue();
    }
  }

  @Test
  void p4_anOlderStreamIsToldAgainOnceTheNewerOneIsGone() {
    String session = http.initialize("2025-11-25", "test");
    try (Stream older = http.listen(session, null)) {
      older.event();
      try (Stream newer = http.listen(session, null)) {
        newer.event();
      }
      awaitStreams(1);
      changes.tools();
      assertThat(older.event().json().path("method").asString())
          .isEqualTo("notifications/tools/list_changed");
    }
  }

  @Test
  void p4_tooManyStreamsOfASessionEndTheOldest() {
    String session = http.initialize("2025-11-25", "test");
    try (Stream first = http.listen(session, null);
        Stream second = http.listen(session, null);
        Stream third = http.listen(session, null);
        Stream fourth = http.listen(session, null)) {
      first.event();
      for (Stream other : new Stream[] {second, third, fourth}) {
        other.event();
      }
      try (Stream fifth = http.listen(session, null)) {
        fifth.event();
        assertThat(first.ended()).isTrue();
      }
    }
  }

  @Test
  void p4_getNeedsASessionAndAnEventStream() {
    assertThat(http.raw("").method("GET").send().status()).isEqualTo(405);
    Answer modern =
        http.raw("").method("GET").header("MCP-Protocol-Version", McpHttp.MODERN).send();
    assertThat(modern.status()).isEqualTo(405);
    assertThat(http.raw("").method("GET").header("Mcp-Session-Id", "unknown").send().status())
        .isEqualTo(404);
    String session = http.initialize("2025-11-25", "test");
    Answer json =
        http.raw("")
            .method("GET")
            .header("Mcp-Session-Id", session)
            .header("Accept", "application/json")
            .send();
    assertThat(json.status()).isEqualTo(406);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2025-03-26", "2025-06-18"})
  void p5_onlyTheRevisionThatKnowsItGetsAnEventWithoutData(String version) {
    String session = http.initialize(version, "test");
    try (Stream stream = http.listen(session, null)) {
      assertThat(stream.line()).isEqualTo(":");
      changes.tools();
      Event told = stream.event();
      assertThat(told.id()).isNotEmpty();
      assertThat(told.data()).isNotEmpty();
    }
  }

  @Test
  void p5_aCallsStreamIsResumedAfterTheLastEventThatArrived() {
    String session = http.initialize("2025-11-25", "test");
    JobId job;
    Event seen;
    try (Stream call = http.legacy(session, "tools/call", slowWithProgress()).open()) {
      job = intake.nextSubmitted();
      Event first = call.event();
      assertThat(first.id()).matches("c[A-Za-z0-9_-]{11}\\.0");
      assertThat(first.data()).isEmpty();
      intake.progress(job, new Progress(0.25, "one"));
      seen = call.event();
      assertThat(seen.json().path("params").path("progress").asDouble()).isEqualTo(0.25);
      intake.progress(job, new Progress(0.5, "two"));
      assertThat(call.event().json().path("params").path("message").asString()).isEqualTo("two");
    }
    try (Stream rest = http.listen(session, seen.id())) {
      assertThat(rest.event().data()).isEmpty();
      assertThat(rest.event().json().path("params").path("message").asString()).isEqualTo("two");
      intake.progress(job, new Progress(0.75, "three"));
      assertThat(rest.event().json().path("params").path("message").asString()).isEqualTo("three");
      intake.finish(job, new Outcome.Answered(FakeIntake.text("found again"), false));
      Event answer = rest.event();
      assertThat(answer.json().path("id").asInt()).isEqualTo(1);
      assertThat(answer.data()).contains("found again");
      assertThat(rest.ended()).isTrue();
    }
    // The stream has ended, but can be read again.
    try (Stream again = http.listen(session, seen.id())) {
      again.event();
      assertThat(again.event().data()).contains("two");
      assertThat(again.event().data()).contains("three");
      assertThat(again.event().data()).contains("found again");
      assertThat(again.ended()).isTrue();
    }
  }

  @Test
  void p5_resumesOnlyItsOwnStream() {
    String session = http.initialize("2025-11-25", "test");
    String stranger = http.initialize("2025-11-25", "test");
    String id;
    try (Stream call = http.legacy(session, "tools/call", slowWithProgress()).open()) {
      JobId job = intake.nextSubmitted();
      id = call.event().id();
      intake.progress(job, new Progress(0.25, "one"));
      call.event();
      intake.finish(job, new Outcome.Answered(FakeIntake.text("secret"), false));
      assertThat(call.event().data()).contains("secret");
    }
    assertThat(resume(stranger, id).status()).isEqualTo(400);
    // The session's push stream has no messages of the lost stream.
    try (Stream push = http.listen(session, null)) {
      push.event();
      changes.tools();
      assertThat(push.event().data()).contains("list_changed");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "c.0", "caaaaaaaaaaa.0", "gaaaaaaaaaaa.-1", "x y", "c:*.1"})
  void p5_anEventIdThatIsNoneOfOursIsRefused(String id) {
    String session = http.initialize("2025-11-25", "test");
    Answer refused = resume(session, id);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.code()).isEqualTo(-32600);
  }

  @Test
  void p5_aGetStreamIsResumedWithWhatCameWhileItsClientWasAway() {
    String session = http.initialize("2025-11-25", "test");
    String id;
    try (Stream stream = http.listen(session, null)) {
      id = stream.event().id();
    }
    awaitStreams(0);
    changes.prompts();
    try (Stream again = http.listen(session, id)) {
      assertThat(again.event().data()).isEmpty();
      assertThat(again.event().data()).contains("notifications/prompts/list_changed");
      changes.tools();
      assertThat(again.event().data()).contains("notifications/tools/list_changed");
    }
  }

  @Test
  void p5_whoResumesTakesTheStreamOver() {
    String session = http.initialize("2025-11-25", "test");
    try (Stream before = http.listen(session, null)) {
      String id = before.event().id();
      try (Stream after = http.listen(session, id)) {
        after.event();
        assertThat(before.ended()).isTrue();
        changes.tools();
        assertThat(after.event().data()).contains("list_changed");
      }
    }
  }

  @Test
  void p5_everyKeyOfAStreamHasATimeToLive() {
    String session = http.initialize("2025-11-25", "test");
    try (Stream push = http.listen(session, null);
        Stream call = http.legacy(session, "tools/call", slowWithProgress()).open()) {
      JobId job = intake.nextSubmitted();
      push.event();
      call.event();
      intake.progress(job, new Progress(0.25, "one"));
      call.event();
      changes.tools();
      push.event();
      var keys = redis.keys("*" + session + "*");
      assertThat(keys).hasSizeGreaterThanOrEqualTo(6);
      for (String key : keys) {
        assertThat(redis.getExpire(key)).as(key).isPositive();
      }
    }
  }

  @Test
  void p5_theLogOfAStreamIsBounded() {
    String session = http.initialize("2025-11-25", "test");
    try (Stream call = http.legacy(session, "tools/call", slowWithProgress()).open()) {
      JobId job = intake.nextSubmitted();
      String id = call.event().id();
      for (int i = 1; i <= 30; i++) {
        intake.progress(job, new Progress(i / 100.0, "step " + i));
        call.event();
      }
      // max-messages is 20 in these tests.
      try (Stream rest = http.listen(session, id)) {
        rest.event();
        assertThat(rest.event().json().path("params").path("message").asString())
            .isEqualTo("step 11");
      }
    }
  }

  @Test
  void p6_cancelledByANotificationTheStreamEndsWithoutAnAnswer() {
    String session = http.initialize("2025-11-25", "test");
    try (Stream call = http.legacy(session, "tools/call", slowWithProgress()).open()) {
      JobId job = intake.nextSubmitted();
      call.event();
      ObjectNode cancelled = Replies.object().put("requestId", 1);
      assertThat(notify(session, "notifications/cancelled", cancelled).status()).isEqualTo(202);
      assertThat(FakeIntake.take(intake.abandoned)).isEqualTo(job);
      assertThat(call.ended()).isTrue();
    }
  }

  @Test
  void p7_notificationsAreTakenWithoutABody() {
    String session = http.initialize("2025-11-25", "test");
    for (String method :
        new String[] {
          "notifications/initialized",
          "notifications/roots/list_changed",
          "notifications/cancelled",
          "notifications/unheard_of"
        }) {
      Answer answer = notify(session, method, Replies.object());
      assertThat(answer.status()).isEqualTo(202);
      assertThat(answer.text).isEmpty();
    }
  }

  @Test
  void p2_aSessionIsItsCallersAlone() {
    String session = http.initialize("2025-11-25", "test");
    Answer stranger =
        http.legacy(session, "ping", Replies.object()).header("Test-Caller", "eve").send();
    assertThat(stranger.status()).isEqualTo(404);
    Answer ended =
        http.raw("")
            .method("DELETE")
            .header("Mcp-Session-Id", session)
            .header("Test-Caller", "eve")
            .send();
    assertThat(ended.status()).isEqualTo(404);
    assertThat(http.legacy(session, "ping", Replies.object()).send().status()).isEqualTo(200);
  }

  private Answer notify(String session, String method, ObjectNode params) {
    return http.raw(Replies.notification(method, params).toString())
        .header("Mcp-Session-Id", session)
        .send();
  }

  private Answer resume(String session, String lastEventId) {
    return http.raw("")
        .method("GET")
        .header("Mcp-Session-Id", session)
        .header("Last-Event-ID", lastEventId)
        .send();
  }

  private void awaitStreams(int count) {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(streams.size()).isEqualTo(count));
  }

  private static ObjectNode slowWithProgress() {
    ObjectNode params = McpHttp.callParams("slow", "{}");
    params.putObject("_meta").put("progressToken", "p");
    return params;
  }
}
