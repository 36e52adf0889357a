package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.Intake;
import dev.longhaul.intake.Submission;
import dev.longhaul.job.JobId;
import dev.longhaul.mcp.McpHttp.Answer;
import dev.longhaul.mcp.McpHttp.Event;
import dev.longhaul.mcp.McpHttp.Stream;
import dev.longhaul.mcp.delivery.OpenCalls;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.queue.HeldCalls;
import dev.longhaul.queue.HeldCalls.HeldCall;
import dev.longhaul.queue.HeldCalls.State;
import dev.longhaul.tool.Changes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.core.StringRedisTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Clients of earlier revisions whose requests go to two processes in turn. */
@Timeout(180)
class LegacyReplicasTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Clock CLOCK = Clock.systemUTC();
  private static Replicas replicas;

  @BeforeAll
  static void start() {
    replicas =
        new Replicas(
            2,
            LegacyToolbox.class,
            "--longhaul.mcp.quiet=50ms",
            "--longhaul.mcp.keep-alive=100ms",
            "--longhaul.mcp.hold=100s");
  }

  @AfterAll
  static void stop() {
    replicas.close();
  }

  @BeforeEach
  void reset() {
    LegacyToolbox.reset();
  }

  @Test
  void p2_aSessionIsServedByEveryProcess() {
    String session = replicas.get(0).initialize("2025-11-25", "test");
    for (int i = 0; i < 4; i++) {
      Answer answer = replicas.next().legacy(session, "ping", Replies.object()).send();
      assertThat(answer.result().isObject()).isTrue();
    }
    Answer tools = replicas.get(1).legacy(session, "tools/list", Replies.object()).send();
    assertThat(tools.text).contains("wait_for_test");
  }

  @Test
  void p3_aSessionThatOneProcessEndsIsOverInAll() {
    String session = replicas.get(0).initialize("2025-11-25", "test");
    try (Stream stream = replicas.get(0).listen(session, null)) {
      stream.event();
      Answer ended =
          replicas.get(1).raw("").method("DELETE").header("Mcp-Session-Id", session).send();
      assertThat(ended.status()).isEqualTo(204);
      assertThat(stream.ended()).isTrue();
    }
    for (int i = 0; i < 2; i++) {
      assertThat(replicas.get(i).legacy(session, "ping", Replies.object()).send().status())
          .isEqualTo(404);
    }
  }

  @Test
  void p4_aChangeMadeInOneProcessIsToldByTheOther() {
    String session = replicas.get(0).initialize("2025-11-25", "test");
    try (Stream stream = replicas.get(1).listen(session, null)) {
      stream.event();
      replicas.bean(0, Changes.class).tools();
      assertThat(stream.event().data()).contains("notifications/tools/list_changed");
    }
  }

  @Test
  void p5_aCallIsResumedInAnotherProcess() {
    String session = replicas.get(0).initialize("2025-11-25", "test");
    String last;
    try (Stream call = replicas.get(1).legacy(session, "tools/call", waiting()).open()) {
      call.event();
      LegacyToolbox.running();
      Event progress = call.event();
      assertThat(progress.json().path("params").path("progress").asDouble()).isEqualTo(0.5);
      last = progress.id();
    }
    try (Stream rest = replicas.get(0).listen(session, last)) {
      rest.event();
      LegacyToolbox.go.release();
      Event answer = rest.event();
      assertThat(answer.json().path("id").asInt()).isEqualTo(1);
      assertThat(answer.data()).contains("waited");
      assertThat(rest.ended()).isTrue();
    }
  }

  @Test
  void p5_whoeverResumesACallEndsTheConnectionItHadBefore() {
    String session = replicas.get(0).initialize("2025-11-25", "test");
    try (Stream call = replicas.get(1).legacy(session, "tools/call", waiting()).open()) {
      String first = call.event().id();
      LegacyToolbox.running();
      call.event();
      try (Stream rest = replicas.get(0).listen(session, first)) {
        rest.event();
        assertThat(rest.event().data()).contains("half-way");
        LegacyToolbox.go.release();
        assertThat(rest.event().data()).contains("waited");
        assertThat(call.ended()).isTrue();
      }
    }
  }

  @Test
  void p5_aCallIsHeldWhereItsStreamIsResumed() {
    String session = replicas.get(0).initialize("2025-11-25", "test");
    try (Stream call = replicas.get(1).legacy(session, "tools/call", waiting()).open()) {
      String first = call.event().id();
      JobId job = LegacyToolbox.running();
      call.event();
      try (Stream rest = replicas.get(0).listen(session, first)) {
        rest.event();
        assertThat(rest.event().data()).contains("half-way");
        assertThat(call.ended()).isTrue();
        awaitHeld(1, 0);
        awaitHeld(0, 1);
        awaitStanding(job, State.WAITING);
      }
      // After another disconnect the client may resume, and a repeated call joins the job.
      awaitStanding(job, State.LEFT);
      try (Stream rest = replicas.get(1).listen(session, first)) {
        rest.event();
        assertThat(rest.event().data()).contains("half-way");
        awaitHeld(0, 0);
        awaitStanding(job, State.WAITING);
        LegacyToolbox.go.release();
        assertThat(rest.event().data()).contains("waited");
        assertThat(rest.ended()).isTrue();
      }
      awaitForgotten(job);
    }
  }

  @Test
  void p5_aCallWhoseProcessIsGoneGoesOnWithProgressWhereItIsResumed() {
    String session = replicas.get(0).initialize("2025-11-25", "test");
    JobId job = submit();
    LegacyToolbox.running();
    String first = orphan(session, job, "100000");
    try (Stream rest = replicas.get(0).listen(session, first)) {
      rest.event();
      Event progress = rest.event();
      assertThat(progress.id()).endsWith(".1");
      assertThat(progress.json().path("params").path("progressToken").asString()).isEqualTo("p");
      assertThat(progress.data()).contains("half-way");
      awaitStanding(job, State.WAITING);
      LegacyToolbox.go.release();
      Event answer = rest.event();
      assertThat(answer.json().path("id").asInt()).isEqualTo(1);
      assertThat(answer.data()).contains("waited");
      assertThat(rest.ended()).isTrue();
    }
    awaitForgotten(job);
  }

  @Test
  void p5_progressThatWasToldBeforeIsNotToldAgainWhereItIsResumed() {
    String session = replicas.get(0).initialize("2025-11-25", "test");
    JobId job = submit();
    LegacyToolbox.running();
    String first =
        orphan(
            session,
            job,
            "100000",
            "p",
            "{\"progressToken\":\"p\",\"progress\":0.5,\"total\":1,\"message\":\"half-way\"}");
    try (Stream rest = replicas.get(0).listen(session, first)) {
      rest.event();
      awaitStanding(job, State.WAITING);
      LegacyToolbox.go.release();
      assertThat(rest.event().data()).contains("waited");
    }
  }

  @Test
  void p5_aResumedCallIsHandedOverWhenItsClientHasWaitedForItsHold() {
    String session = replicas.get(0).initialize("2025-11-25", "test");
    JobId job = submit();
    LegacyToolbox.running();
    String first = orphan(session, job, "1");
    try (Stream rest = replicas.get(1).listen(session, first)) {
      rest.event();
      JsonNode last = Replies.object();
      while (last.path("result").isMissingNode()) {
        last = rest.event().json();
      }
      assertThat(last.path("result").path("structuredContent").path("operation_id").asString())
          .isEqualTo(job.value());
      assertThat(rest.ended()).isTrue();
    }
    awaitStanding(job, State.HANDED_OVER);
    LegacyToolbox.go.release();
  }

  @Test
  void p6_aResumedCallIsCancelledFromAnotherProcess() {
    String session = replicas.get(0).initialize("2025-11-25", "test");
    JobId job = submit();
    LegacyToolbox.running();
    String first = orphan(session, job, "100000");
    try (Stream rest = replicas.get(0).listen(session, first)) {
      rest.event();
      awaitStanding(job, State.WAITING);
      ObjectNode cancelled = Replies.object().put("requestId", 1);
      replicas
          .get(1)
          .raw(Replies.notification("notifications/cancelled", cancelled).toString())
          .header("Mcp-Session-Id", session)
          .send();
      assertThat(FakeIntake.take(LegacyToolbox.STOPPED)).isEqualTo(job.value());
      for (JsonNode said = rest.next(); said != null; said = rest.next()) {
        assertThat(said.has("method")).as("an answer to a call that was cancelled").isTrue();
      }
    }
  }

  private static Submission submission() {
    return Submission.toolCall(Caller.LOCAL, McpHttp.callParams("wait_for_test", "{}"));
  }

  private static JobId submit() {
    return replicas.bean(0, Intake.class).submit(submission()).id();
  }

  /**
   * Creates the records of a call whose process was killed while it held the call.
   *
   * @param limit the longest hold in milliseconds
   * @param more further fields and values of its stream
   * @return the id of its first event
   */
  private static String orphan(String session, JobId job, String limit, String... more) {
    String digest = replicas.bean(0, Intake.class).digest(submission());
    Instant began = CLOCK.instant().truncatedTo(ChronoUnit.MILLIS).minusMillis(1_000);
    replicas
        .bean(0, HeldCalls.class)
        .put(
            digest,
            new HeldCall(job, State.WAITING, "killed", session, began, began),
            Duration.ofHours(1));
    Map<String, String> fields = new HashMap<>(Map.of("n", "0", "o", "0", "b", "0"));
    fields.putAll(Map.of("r", "1", "k", "call", "t", "\"p\"", "j", job.value()));
    fields.putAll(Map.of("w", Long.toString(began.toEpochMilli()), "l", limit, "c", digest));
    for (int i = 0; i < more.length; i += 2) {
      fields.put(more[i], more[i + 1]);
    }
    String stream = "caaaaaaaaaaa";
    String namespace =
        replicas.bean(0, Environment.class).getRequiredProperty("longhaul.namespace");
    replicas
        .bean(0, StringRedisTemplate.class)
        .opsForHash()
        .putAll("{lh:" + namespace + "}:mcp:stream:" + session + ":" + stream, fields);
    return stream + ".0";
  }

  private static void awaitHeld(int process, int calls) {
    await().atMost(LIMIT).until(() -> replicas.bean(process, OpenCalls.class).size() == calls);
  }

  private static List<HeldCall> held() {
    return replicas
        .bean(0, HeldCalls.class)
        .find(replicas.bean(0, Intake.class).digest(submission()));
  }

  private static void awaitForgotten(JobId job) {
    await().atMost(LIMIT).until(() -> held().stream().noneMatch(call -> call.job().equals(job)));
  }

  private static void awaitStanding(JobId job, State standing) {
    await()
        .atMost(LIMIT)
        .until(() ->
            held().stream()
                .anyMatch(call ->
                    call.job().equals(job)
                        && call.state() == standing
                        && !call.process().equals("killed")));
  }

  @Test
  void p5_aGetStreamIsResumedInAnotherProcess() {
    String session = replicas.get(0).initialize("2025-11-25", "test");
    try (Stream first = replicas.get(0).listen(session, null)) {
      String id = first.event().id();
      try (Stream second = replicas.get(1).listen(session, id)) {
        second.event();
        assertThat(first.ended()).isTrue();
        replicas.bean(0, Changes.class).prompts();
        assertThat(second.event().data()).contains("notifications/prompts/list_changed");
      }
    }
  }

  @Test
  void p6_aCallIsCancelledFromAnotherProcess() {
    String session = replicas.get(0).initialize("2025-11-25", "test");
    try (Stream call = replicas.get(0).legacy(session, "tools/call", waiting()).open()) {
      call.event();
      String job = LegacyToolbox.running().value();
      ObjectNode cancelled = Replies.object().put("requestId", 1);
      Answer taken =
          replicas
              .get(1)
              .raw(Replies.notification("notifications/cancelled", cancelled).toString())
              .header("Mcp-Session-Id", session)
              .send();
      assertThat(taken.status()).isEqualTo(202);
      assertThat(FakeIntake.take(LegacyToolbox.STOPPED)).isEqualTo(job);
    }
  }

  @Test
  void r3_aPostToAnyProcessIsAnsweredOnTheStream() {
    try (Stream stream = replicas.get(0).at("/sse").raw("").method("GET").open()) {
      Event endpoint = stream.event();
      assertThat(endpoint.name()).isEqualTo("endpoint");
      McpHttp posts = replicas.get(1).at(endpoint.data());
      ObjectNode params = Replies.object().put("protocolVersion", "2024-11-05");
      params.putObject("capabilities");
      Answer taken = posts.raw(McpHttp.request(1, "initialize", params).toString()).send();
      assertThat(taken.status()).isEqualTo(202);
      assertThat(taken.text).isEmpty();
      JsonNode welcome = stream.event().json();
      assertThat(welcome.path("result").path("protocolVersion").asString()).isEqualTo("2024-11-05");

      // One process holds the call; the other sends its messages.
      posts.raw(McpHttp.request(2, "tools/call", waiting()).toString()).send();
      LegacyToolbox.running();
      Event progress = stream.event();
      assertThat(progress.name()).isEqualTo("message");
      assertThat(progress.id()).isEmpty();
      assertThat(progress.json().path("method").asString()).isEqualTo("notifications/progress");
      LegacyToolbox.go.release();
      JsonNode answer = stream.event().json();
      assertThat(answer.path("id").asInt()).isEqualTo(2);
      assertThat(answer.toString()).contains("waited");
    }
  }

  private static ObjectNode waiting() {
    ObjectNode params = McpHttp.callParams("wait_for_test", "{}");
    params.putObject("_meta").put("progressToken", "p");
    return params;
  }
}
