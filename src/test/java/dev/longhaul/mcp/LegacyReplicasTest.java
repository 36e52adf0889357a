package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.mcp.McpHttp.Answer;
import dev.longhaul.mcp.McpHttp.Event;
import dev.longhaul.mcp.McpHttp.Stream;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.tool.Changes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Conversations of earlier revisions whose requests go to two processes in turn. */
@Timeout(180)
class LegacyReplicasTest {
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

      // The call is held by one process, and what it leads to is told by the other.
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
