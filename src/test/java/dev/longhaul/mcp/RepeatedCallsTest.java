package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.Intake;
import dev.longhaul.intake.Submission;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.mcp.McpHttp.Stream;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.queue.HeldCalls;
import dev.longhaul.queue.HeldCalls.HeldCall;
import dev.longhaul.queue.HeldCalls.State;
import dev.longhaul.testing.RawConnection;
import dev.longhaul.tool.JobContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;

/** Calls that are repeated because their response was lost, on two processes. */
@Timeout(180)
class RepeatedCallsTest {
  private static volatile Semaphore go = new Semaphore(0);
  private static final BlockingQueue<String> RUNNING = new LinkedBlockingQueue<>();
  private static final BlockingQueue<String> STOPPED = new LinkedBlockingQueue<>();
  private static Replicas replicas;

  static class Naps {
    @McpTool(name = "nap", description = "Waits for the test, and may not run twice")
    String nap(String who) throws InterruptedException {
      return sleep();
    }

    @McpTool(
        name = "look",
        description = "Waits for the test, and may run twice",
        annotations = @McpTool.McpAnnotations(readOnlyHint = true))
    String look(String who) throws InterruptedException {
      return sleep();
    }

    private static String sleep() throws InterruptedException {
      String id = JobContext.current().id();
      RUNNING.add(id);
      try {
        go.acquire();
      } catch (InterruptedException e) {
        STOPPED.add(id);
        throw e;
      }
      return "slept";
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Tools {
    @Bean
    Naps naps() {
      return new Naps();
    }
  }

  @BeforeAll
  static void start() {
    replicas =
        new Replicas(
            2,
            Tools.class,
            "--longhaul.mcp.keep-alive=1s",
            "--longhaul.mcp.leave-grace=3s",
            "--longhaul.mcp.clients.brief.hold=1s");
  }

  @AfterAll
  static void stop() {
    replicas.close();
  }

  @BeforeEach
  void fresh() {
    go.release(1_000);
    go = new Semaphore(0);
    RUNNING.clear();
    STOPPED.clear();
  }

  private static String running() throws InterruptedException {
    String id = RUNNING.poll(60, TimeUnit.SECONDS);
    assertThat(id).as("a tool that runs").isNotNull();
    return id;
  }

  private static String arguments(String who) {
    return "{\"who\":\"" + who + "\"}";
  }

  private static String text(JsonNode result) {
    return result.path("content").get(0).path("text").asString();
  }

  private static JsonNode joined(JsonNode result) {
    return result.path("_meta").path("dev.longhaul/joined");
  }

  private static JobState state(String id) {
    return replicas.bean(0, Intake.class).job(Caller.LOCAL, new JobId(id)).state();
  }

  private static String digest(String tool, String who) {
    return replicas
        .bean(0, Intake.class)
        .digest(Submission.toolCall(Caller.LOCAL, McpHttp.callParams(tool, arguments(who))));
  }

  private static HeldCalls held() {
    return replicas.bean(0, HeldCalls.class);
  }

  private static void awaitStanding(String tool, String who, State standing) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> held().find(digest(tool, who)).stream().anyMatch(c -> c.state() == standing));
  }

  @Test
  void aCallWhoseClientLeftIsJoinedInAnotherProcessAndSaysSo() throws Exception {
    Stream lost = replicas.get(0).modernCall("nap", arguments("lost")).open();
    String id = running();
    awaitStanding("nap", "lost", State.WAITING);
    lost.close();
    awaitStanding("nap", "lost", State.LEFT);

    try (Stream again = replicas.get(1).modernCall("nap", arguments("lost")).open()) {
      awaitStanding("nap", "lost", State.WAITING);
      go.release();
      JsonNode result = last(again);
      assertThat(text(result)).isEqualTo("slept");
      assertThat(joined(result).path("operation_id").asString()).isEqualTo(id);
      assertThat(Instant.parse(joined(result).path("since").asString()))
          .isBefore(Instant.now(CLOCK));
      assertThat(result.path("content").toString()).contains("was not started again");
    }
    assertThat(RUNNING).isEmpty();
    // The record of the call is removed after its response was written.
    await().until(() -> held().find(digest("nap", "lost")).isEmpty());
  }

  /**
   * A client that gives up at a time-out and repeats the call; only a check finds the disconnect.
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void aCallThatIsRepeatedAtOnceAfterATimeOutIsJoined(int where) throws Exception {
    String who = "at once " + where;
    RawConnection lost = replicas.get(0).modernCall("nap", arguments(who)).openRaw();
    String id = running();
    awaitStanding("nap", who, State.WAITING);
    HeldCall first = held().find(digest("nap", who)).getFirst();
    Instant earliest = first.changed().plusSeconds(4);
    await().atMost(Duration.ofSeconds(60)).until(() -> !CLOCK.instant().isBefore(earliest));
    lost.close();

    try (Stream again = replicas.get(where).modernCall("nap", arguments(who)).open()) {
      // The first call is recorded as waiting until the second has joined it or has its own job.
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() ->
              !RUNNING.isEmpty()
                  || held().find(digest("nap", who)).stream()
                      .anyMatch(call ->
                          call.state() == State.WAITING
                              && call.changed().isAfter(first.changed())));
      go.release(2);
      assertThat(joined(last(again)).path("operation_id").asString()).isEqualTo(id);
    }
    assertThat(RUNNING).isEmpty();
  }

  @Test
  void theWorkOfACallWhoseClientDoesNotComeBackIsStoppedAfterTheGrace() throws Exception {
    Stream lost = replicas.get(0).modernCall("nap", arguments("gone")).open();
    String id = running();
    awaitStanding("nap", "gone", State.WAITING);
    lost.close();
    assertThat(STOPPED.poll(60, TimeUnit.SECONDS)).isEqualTo(id);
    await().atMost(Duration.ofSeconds(60)).until(() -> state(id) == JobState.CANCELLED);
  }

  @Test
  void aCallWhoseProcessDiedIsJoinedAndCancelledByNobody() throws Exception {
    var dead = replicas.bean(0, Intake.class).submit(call("nap", "orphan"));
    assertThat(running()).isEqualTo(dead.id().value());
    note("nap", "orphan", dead.id(), State.WAITING);
    try (Stream again = replicas.get(1).modernCall("nap", arguments("orphan")).open()) {
      go.release();
      JsonNode result = last(again);
      assertThat(joined(result).path("operation_id").asString()).isEqualTo(dead.id().value());
    }
    assertThat(RUNNING).isEmpty();
  }

  @Test
  void aResultThatWasNeverWrittenIsGivenOnceAndThenTheCallIsNew() throws Exception {
    go.release(2);
    var ended = replicas.bean(0, Intake.class).submit(call("nap", "late"));
    assertThat(running()).isEqualTo(ended.id().value());
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> state(ended.id().value()) == JobState.COMPLETED);
    note("nap", "late", ended.id(), State.LEFT);

    JsonNode given = last(replicas.get(1).modernCall("nap", arguments("late")));
    assertThat(joined(given).path("operation_id").asString()).isEqualTo(ended.id().value());
    assertThat(RUNNING).isEmpty();

    JsonNode fresh = last(replicas.get(1).modernCall("nap", arguments("late")));
    assertThat(joined(fresh).isMissingNode()).isTrue();
    assertThat(running()).isNotEqualTo(ended.id().value());
  }

  @Test
  void identicalCallsThatAreBothWaitedForHaveAJobEach() throws Exception {
    try (Stream one = replicas.get(0).modernCall("nap", arguments("both")).open()) {
      String first = running();
      awaitStanding("nap", "both", State.WAITING);
      try (Stream other = replicas.get(1).modernCall("nap", arguments("both")).open()) {
        assertThat(running()).isNotEqualTo(first);
        go.release(2);
        assertThat(joined(last(one)).isMissingNode()).isTrue();
        assertThat(joined(last(other)).isMissingNode()).isTrue();
      }
    }
  }

  @Test
  void whatWasHandedOverIsJoinedByItsSessionAndByOthersOnlyIfItMayRunTwice() throws Exception {
    McpHttp door = replicas.get(0);
    String session = door.initialize("2025-11-25", "brief");
    String other = door.initialize("2025-11-25", "brief");
    String nap = operation(door, session, "nap");
    assertThat(running()).isEqualTo(nap);
    assertThat(operation(door, session, "nap")).isEqualTo(nap);
    assertThat(operation(door, other, "nap")).isNotEqualTo(nap);
    assertThat(running()).isNotEqualTo(nap);

    String look = operation(door, session, "look");
    assertThat(running()).isEqualTo(look);
    assertThat(operation(door, other, "look")).isEqualTo(look);
    assertThat(RUNNING).isEmpty();
  }

  private static final Clock CLOCK = Clock.systemUTC();

  private static Submission call(String tool, String who) {
    return Submission.toolCall(Caller.LOCAL, McpHttp.callParams(tool, arguments(who)));
  }

  private static void note(String tool, String who, JobId job, State standing) {
    Instant now = CLOCK.instant().truncatedTo(ChronoUnit.MILLIS);
    held()
        .put(
            digest(tool, who),
            new HeldCall(job, standing, "killed", "none", now, now),
            Duration.ofHours(1));
  }

  private static String operation(McpHttp door, String session, String tool) {
    JsonNode result =
        last(door.legacy(session, "tools/call", McpHttp.callParams(tool, arguments("over"))));
    return result.path("structuredContent").path("operation_id").asString();
  }

  /** Reads the result at the end of a stream. */
  private static JsonNode last(Stream stream) {
    for (JsonNode message = stream.next(); message != null; message = stream.next()) {
      if (message.has("result")) {
        return message.path("result");
      }
    }
    throw new AssertionError("the stream ended without a result");
  }

  /** The result of a response that is JSON or an event stream. */
  private static JsonNode last(McpHttp.Builder call) {
    String text = call.send().text;
    int data = text.lastIndexOf("data: ");
    return Json.tree(data < 0 ? text : text.substring(data + 6)).path("result");
  }
}
