package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.gateway.testing.NotesServer;
import dev.longhaul.intake.Caller;
import dev.longhaul.intake.CallerResolver;
import dev.longhaul.intake.Jobs;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Outcome;
import dev.longhaul.load.LonghaulProcess;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.Replies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The whole application in front of stdio servers, which are real processes. */
@Timeout(300)
class UpstreamJourneysTest {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final String ELICITS = "{\"elicitation\":{}}";

  @TempDir private static Path shared;
  @TempDir private static Path own;
  private static Replicas replicas;

  @TestConfiguration(proxyBeanMethods = false)
  static class Callers {
    @Bean
    CallerResolver callers() {
      return request -> {
        String name = request.getHeader("Test-Caller");
        return name == null ? Caller.LOCAL : new Caller(name);
      };
    }
  }

  @BeforeAll
  static void start() {
    List<String> settings = new ArrayList<>(upstream("notes", shared));
    settings.add("--longhaul.upstreams.notes.trust-annotations=true");
    settings.addAll(upstream("own", own));
    settings.add("--longhaul.upstreams.own.session=caller");
    settings.add("--longhaul.upstreams.own.questions=rest");
    settings.add("--longhaul.upstreams.own.tools.policies.slow_write.timeout=3s");
    settings.add("--longhaul.mcp.hold=1m");
    settings.add("--longhaul.mcp.grace=100ms");
    replicas = new Replicas(1, Callers.class, settings.toArray(String[]::new));
    await()
        .atMost(LIMIT)
        .until(() -> {
          JsonNode tools = modern("tools/list", "{}");
          return lists(tools, "own_echo") || lists(tools, "notes_echo"); // the later one
        });
  }

  @AfterAll
  static void stop() {
    replicas.close();
  }

  static List<String> upstream(String name, Path directory) {
    List<String> command = NotesServer.command(directory);
    List<String> settings = new ArrayList<>();
    settings.add("--longhaul.upstreams." + name + ".command=" + command.getFirst());
    for (int i = 1; i < command.size(); i++) {
      settings.add("--longhaul.upstreams." + name + ".args[" + (i - 1) + "]=" + command.get(i));
    }
    return settings;
  }

  private static JsonNode modern(String method, String params) {
    return replicas.get(0).modern(method, Json.object(params)).send().json().path("result");
  }

  private static boolean lists(JsonNode list, String tool) {
    return list.path("tools").valueStream().anyMatch(it -> it.path("name").asString().equals(tool));
  }

  private static Jobs jobs() {
    return replicas.bean(0, Jobs.class);
  }

  private static JobId call(String tool, Map<String, Object> arguments) {
    return jobs().call(tool, arguments).id();
  }

  private static Job end(JobId id) throws InterruptedException {
    Job job = jobs().await(id, LIMIT);
    assertThat(job.state().terminal()).as(job.toString()).isTrue();
    return job;
  }

  private static String answer(JobId id) throws InterruptedException {
    assertThat(end(id).state()).isEqualTo(JobState.COMPLETED);
    return ((Outcome.Answered) jobs().result(id)).json();
  }

  private static void awaitDiary(Path directory, String line) {
    await().atMost(LIMIT).until(() -> NotesServer.diary(directory).contains(line));
  }

  static long lastProcess(Path directory) {
    return NotesServer.diary(directory).stream()
        .filter(line -> line.startsWith("started "))
        .map(line -> Long.parseLong(line.substring("started ".length())))
        .reduce((_, later) -> later)
        .orElseThrow();
  }

  static void kill(long process) {
    ProcessHandle.of(process)
        .ifPresent(child -> {
          child.destroyForcibly();
          child.onExit().join();
        });
  }

  @Test
  void clientsOfBothErasUseToolsResourcesPromptsAndCompletions() {
    String arguments = "{\"n\":1.5,\"big\":12345678901234567890123}";
    JsonNode modern = replicas.get(0).modernCall("echo", arguments).send().json().path("result");
    assertThat(modern.path("structuredContent").toString()).isEqualTo(arguments);

    McpHttp http = replicas.get(0);
    String session = http.initialize("2025-06-18", "test");
    JsonNode listed =
        http.legacy(session, "tools/list", Replies.object()).send().json().path("result");
    assertThat(lists(listed, "add_note")).isTrue();
    McpHttp.Answer answered =
        http.legacy(session, "tools/call", McpHttp.callParams("echo", arguments)).send();
    JsonNode legacy = answered.json().path("result");
    assertThat(legacy.path("structuredContent").toString()).as(answered.text).isEqualTo(arguments);

    assertThat(modern("resources/list", "{}").toString()).contains("note://all");
    assertThat(modern("resources/read", "{\"uri\":\"note://all\"}").at("/contents/0/mimeType"))
        .isEqualTo(Json.tree("\"text/plain\""));
    assertThat(
            modern("prompts/get", "{\"name\":\"hail\",\"arguments\":{\"who\":\"Ann\"}}").toString())
        .contains("Hail Ann");
    assertThat(
            modern(
                    "completion/complete",
                    "{\"ref\":{\"type\":\"ref/prompt\",\"name\":\"hail\"},"
                        + "\"argument\":{\"name\":\"who\",\"value\":\"A\"}}")
                .at("/completion/values")
                .toString())
        .isEqualTo("[\"Ann\",\"Anton\"]");
  }

  @Test
  void whatAnUpstreamSaysOfItsToolsAndPromptsIsLeftToIt() {
    String listed = modern("tools/list", "{}").path("tools").toString();
    assertThat(listed).contains("\"annotations\":{\"readOnlyHint\":true,\"idempotentHint\":true}");
    assertThat(modern("prompts/get", "{\"name\":\"hail\",\"arguments\":{}}").toString())
        .as("an argument that is missing is the upstream's affair")
        .contains("Hail nobody");
  }

  @Test
  void twentyCallersShareOneProcessWithItsState() throws Exception {
    List<Callable<String>> calls =
        IntStream.range(0, 20)
            .<Callable<String>>mapToObj(
                i -> () -> answer(call("notes_add_note", Map.of("text", "n" + i))))
            .toList();
    List<String> counts = new ArrayList<>();
    try (ExecutorService callers = Executors.newFixedThreadPool(20)) {
      for (Future<String> each : callers.invokeAll(calls)) {
        counts.add(each.get());
      }
    }
    assertThat(counts).doesNotHaveDuplicates();
    assertThat(answer(call("notes_list_notes", Map.of()))).contains("n0", "n7", "n19");
  }

  @Test
  void aCallThatOnlyReadsRunsAgainWhenItsProcessIsKilled() throws Exception {
    JobId job = call("notes_slow_read", Map.of("mark", "read"));
    awaitDiary(shared, "running read");
    long killed = lastProcess(shared);
    kill(killed);
    NotesServer.go(shared, "read");
    assertThat(answer(job)).contains("done read");
    assertThat(lastProcess(shared)).isNotEqualTo(killed);
  }

  @Test
  void aCallThatWritesHasAnUnknownOutcomeWhenItsProcessIsKilled() throws Exception {
    JobId job = call("notes_slow_write", Map.of("mark", "write"));
    awaitDiary(shared, "running write");
    kill(lastProcess(shared));
    Job ended = end(job);
    assertThat(ended.state()).isEqualTo(JobState.DEAD);
    assertThat(ended.error()).extracting(JobError::code).isEqualTo(JobError.OUTCOME_UNKNOWN);
    assertThat(NotesServer.diary(shared)).containsOnlyOnce("running write");
  }

  @Test
  void aCancelReachesTheUpstream() {
    JobId job = call("notes_slow_write", Map.of("mark", "cancelled"));
    awaitDiary(shared, "running cancelled");
    await().atMost(LIMIT).until(() -> jobs().status(job).progress().fraction() != null);
    assertThat(jobs().status(job).progress().fraction()).isEqualTo(0.25);
    jobs().cancel(job);
    awaitDiary(shared, "cancelled cancelled");
  }

  @Test
  void theTimeoutOfTheJobEndsTheCall() throws Exception {
    assertThat(answer(call("own_echo", Map.of()))).contains("echo"); // starts the process
    JobId job = call("own_slow_write", Map.of("mark", "late"));
    Job ended = end(job);
    assertThat(ended.error()).extracting(JobError::code).isEqualTo(JobError.TIMEOUT);
    awaitDiary(own, "cancelled late");
  }

  @Test
  void questionsOfAProcessOfOneCallerReachThatCaller() {
    ObjectNode ann = asks("ann", Json.object("{}"));
    ObjectNode bob = asks("bob", Json.object("{}"));
    assertThat(ann.toString()).contains("for ann");
    assertThat(bob.toString()).contains("for bob");
    assertThat(asks("bob", answering(bob, "b")).at("/content/0/text").asString()).isEqualTo("b");
    assertThat(asks("ann", answering(ann, "a")).at("/content/0/text").asString()).isEqualTo("a");
  }

  @Test
  void aQuestionThatTheClientCannotAnswerWaitsForAnAnswerOverRest() throws Exception {
    Jobs local = jobs().as(Caller.LOCAL);
    JobId job = local.call("own_ask", Map.of("message", "for anybody")).id();
    McpHttp rest = replicas.get(0).at("/api/v1/jobs/" + job + "/questions");
    await()
        .atMost(LIMIT)
        .until(() -> !rest.raw("").method("GET").send().json().path("questions").isEmpty());
    JsonNode asked = rest.raw("").method("GET").send().json().at("/questions/0");
    assertThat(asked.path("method").asString()).isEqualTo("elicitation/create");
    assertThat(asked.at("/params/message").asString()).isEqualTo("for anybody");
    assertThat(rest.raw("{\"answers\":7}").send().status()).isEqualTo(400);

    ObjectNode answers = Replies.object();
    answers
        .putObject("answers")
        .set(
            asked.path("key").asString(),
            Json.tree("{\"action\":\"accept\",\"content\":{\"word\":\"over REST\"}}"));
    McpHttp.Answer taken = rest.raw(answers.toString()).send();
    assertThat(taken.status()).as(taken.text).isEqualTo(200);
    assertThat(taken.json().path("questions").isEmpty()).isTrue();
    assertThat(local.await(job, LIMIT).state()).isEqualTo(JobState.COMPLETED);
    assertThat(local.result(job).toString()).contains("over REST");
  }

  private static ObjectNode asks(String caller, ObjectNode more) {
    ObjectNode params = McpHttp.callParams("own_ask", "{\"message\":\"for " + caller + "\"}");
    params.putObject("_meta").set(McpHttp.P + "clientCapabilities", Json.object(ELICITS));
    params.setAll(more);
    return (ObjectNode)
        replicas
            .get(0)
            .modern("tools/call", params)
            .header("Test-Caller", caller)
            .send()
            .json()
            .path("result");
  }

  private static ObjectNode answering(JsonNode asked, String word) {
    ObjectNode more = Json.object("{}");
    String key = asked.path("inputRequests").propertyNames().iterator().next();
    more.putObject("inputResponses")
        .putObject(key)
        .put("action", "accept")
        .putObject("content")
        .put("word", word);
    more.set("requestState", asked.path("requestState"));
    return more;
  }

  @Test
  void anotherProcessTakesAnUpstreamOverAndOneWithoutJobsUsesItThroughTheQueue(
      @TempDir Path directory) throws Exception {
    List<String> settings = new ArrayList<>(upstream("notes", directory));
    settings.add("--longhaul.upstreams.notes.trust-annotations=true");
    settings.add("--longhaul.worker.drain=1s");
    String[] both = settings.toArray(String[]::new);
    try (var three = new Replicas(1, Callers.class, both)) {
      await()
          .atMost(LIMIT)
          .until(() ->
              three
                  .get(0)
                  .modern("resources/read", Json.object("{\"uri\":\"note://all\"}"))
                  .send()
                  .json()
                  .has("result"));
      long before = started(directory);
      three.start(both);
      List<String> api = new ArrayList<>(settings);
      api.add("--longhaul.role=api");
      three.start(api.toArray(String[]::new));
      three
          .bean(0, Jobs.class)
          .await(three.bean(0, Jobs.class).call("add_note", Map.of("text", "kept")).id(), LIMIT);
      await().atMost(LIMIT).untilAsserted(() -> assertThat(read(three.get(2))).contains("kept"));
      assertThat(read(three.get(1))).contains("kept"); // another worker does not start a second one
      assertThat(started(directory)).isEqualTo(before);

      Job waiting = three.bean(1, Jobs.class).call("slow_read", Map.of("mark", "taken"));
      awaitDiary(directory, "running taken");
      three.stop(0);
      NotesServer.go(directory, "taken");
      assertThat(three.bean(1, Jobs.class).await(waiting.id(), LIMIT).state())
          .isEqualTo(JobState.COMPLETED);
      assertThat(read(three.get(2))).doesNotContain("kept");
    }
  }

  private static String read(McpHttp http) {
    return http.modern("resources/read", Json.object("{\"uri\":\"note://all\"}"))
        .send()
        .json()
        .toString();
  }

  private static long started(Path directory) {
    return NotesServer.diary(directory).stream().filter(it -> it.startsWith("started ")).count();
  }

  @Test
  void whenAWorkerIsKilledAnotherOneTakesItsUpstreamOver(@TempDir Path directory)
      throws IOException {
    Path work = Files.createDirectory(directory.resolve("work"));
    List<String> settings = new ArrayList<>(upstream("notes", directory));
    settings.add("--longhaul.upstreams.notes.trust-annotations=true");
    try (var killed = LonghaulProcess.start(work, List.of("-Xmx256m"), settings)) {
      McpHttp http = new McpHttp(killed.port());
      await()
          .atMost(LIMIT)
          .until(() ->
              lists(
                  http.modern("tools/list", Json.object("{}")).send().json().path("result"),
                  "slow_read"));
      ObjectNode params = McpHttp.callParams("slow_read", "{\"mark\":\"lost\"}");
      try (var call = http.modern("tools/call", McpHttp.declaringTasks(params)).open()) {
        awaitDiary(directory, "running lost");
        long child = lastProcess(directory);
        try (var other =
            LonghaulProcess.startIn(killed.namespace(), work, List.of("-Xmx256m"), settings)) {
          killed.close(); // as with kill -9
          await().atMost(LIMIT).until(() -> ProcessHandle.of(child).isEmpty());
          NotesServer.go(directory, "lost");
          awaitDiary(directory, "done lost");
          assertThat(lastProcess(directory)).isNotEqualTo(child);
          assertThat(other.port()).isPositive();
        }
        assertThat(call).isNotNull();
      }
    }
  }
}
