package dev.longhaul.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.longhaul.intake.Caller;
import dev.longhaul.job.JobState;
import dev.longhaul.mcp.timeout.ClientTimeouts;
import dev.longhaul.rest.RestClient.Answer;
import dev.longhaul.rest.RestClient.Event;
import dev.longhaul.security.ServedPaths;
import dev.longhaul.tool.Client;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springdoc.api.AbstractOpenApiResource;
import org.springdoc.core.service.OpenAPIService;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The REST front door of the whole application, on a real Redis. */
class RestTest extends RestFixture {
  @Autowired private OpenAPIService descriptions;
  @Autowired private ObjectProvider<AbstractOpenApiResource> resources;
  @Autowired private ClientTimeouts patience;

  @Test
  void aCancelledJobDoesNotWaitInItsQueueAnyMore() {
    rest.post("/api/v1/queues/default/pause", "");
    String first = rest.submit("count", "{\"number\":1}");
    String second = rest.submit("count", "{\"number\":2}");
    rest.post("/api/v1/jobs/" + first + "/cancel", "");

    JsonNode queue = rest.get("/api/v1/queues/default").json();
    JsonNode callers = rest.get("/api/v1/queues/default/callers").json();
    rest.post("/api/v1/queues/default/resume", "");
    assertThat(callers.at("/callers/0/caller").asString()).isEqualTo("local");
    assertThat(callers.at("/callers/0/waiting/default").asInt()).isPositive();

    assertThat(queue.at("/waiting/default").asInt()).as(queue.toString()).isEqualTo(1);
    rest.get("/api/v1/jobs/" + second + "?wait_seconds=30");
    assertThat(rest.get("/api/v1/queues/default").json().at("/waiting/default").asInt()).isZero();
  }

  @Test
  void aJobIsSubmittedFollowedByLongPollAndItsResultRead() {
    Answer accepted =
        rest.post(
            "/api/v1/jobs",
            """
            {"method": "tools/call", "params": {"name": "count", "arguments": {"number": 7}},
             "priority": "high", "metadata": {"ticket": "4711"}}
            """);

    assertThat(accepted.status()).isEqualTo(202);
    String self = "/api/v1/jobs/" + accepted.json().path("id").asString();
    assertThat(accepted.header("Location")).isEqualTo(self);
    assertThat(accepted.json().path("priority").asString()).isEqualTo("high");
    assertThat(accepted.json().path("metadata").path("ticket").asString()).isEqualTo("4711");

    JsonNode job = rest.get(self + "?wait_seconds=30").json();
    assertThat(job.path("state").asString()).isEqualTo("completed");
    assertThat(job.propertyNames())
        .contains(
            "id",
            "method",
            "tool",
            "state",
            "priority",
            "progress",
            "message",
            "attempt",
            "max_attempts",
            "created_at",
            "started_at",
            "updated_at",
            "finished_at",
            "estimated_completion",
            "error",
            "links");
    assertThat(job.path("created_at").asString()).matches("\\d{4}-\\d\\d-\\d\\dT.*Z");

    Answer result = rest.get(job.path("links").path("result").asString());
    assertThat(result.status()).isEqualTo(200);
    assertThat(result.header("Content-Type")).startsWith("application/json");
    assertThat(result.header("Longhaul-Job-State")).isEqualTo("completed");
    assertThat(result.json().path("content").path(0).path("text").asString()).contains("number 7");
  }

  @Test
  void aJobThatGaveUpTellsWhyInsteadOfAResult() {
    String self = "/api/v1/jobs/" + rest.submit("count", "{\"number\":-1}");

    JsonNode job = rest.get(self + "?wait_seconds=30").json();
    assertThat(job.path("state").asString()).isEqualTo("dead");
    assertThat(job.path("error").path("code").asString()).isEqualTo("TOOL_FAILED");
    Answer result = rest.get(self + "/result");
    assertThat(result.status()).isEqualTo(200);
    assertThat(result.header("Longhaul-Job-State")).isEqualTo("dead");
    assertThat(result.json().path("state").asString()).isEqualTo("dead");
    assertThat(result.json().path("error").path("message").asString()).contains("below zero");
    assertThat(result.json().path("partial").isNull()).isTrue();
  }

  @Test
  void whatARunningJobHasSoFarAndItsAttemptsAreShown() {
    String self = "/api/v1/jobs/" + rest.submit("slow", "{}");
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> !rest.get(self + "/partial").json().path("partial").isNull());
    JsonNode soFar = rest.get(self + "/partial").json();
    assertThat(soFar.path("state").asString()).isEqualTo("running");
    assertThat(soFar.path("partial").toString())
        .isEqualTo("{\"processed\":2,\"total\":3,\"remaining\":1,\"value\":[\"a\",\"b\"]}");
    JsonNode running = rest.get(self).json();
    assertThat(running.path("links").path("partial").asString()).isEqualTo(self + "/partial");
    assertThat(running.path("attempts").size()).isEqualTo(1);
    assertThat(running.at("/attempts/0/number").asInt()).isEqualTo(1);
    assertThat(running.at("/attempts/0/finished_at").isNull()).isTrue();
    assertThat(running.at("/attempts/0/worker").asString()).isNotBlank();
    assertThat(running.at("/attempts/0/error").isNull()).isTrue();
    assertThat(running.at("/attempts/0/checkpoints/0/name").asString()).isEqualTo("counting");
    toolbox.open();
    JsonNode ended = rest.get(self + "?wait_seconds=60").json();
    assertThat(ended.at("/attempts/0/finished_at").isNull()).isFalse();
    JsonNode waiting = ended.at("/attempts/0/checkpoints/1");
    assertThat(waiting.path("name").asString()).isEqualTo("waiting");
    assertThat(waiting.path("count").asInt()).isEqualTo(1);
    assertThat(waiting.path("seconds").asDouble()).isPositive();
    await()
        .untilAsserted(() -> {
          JsonNode statistics =
              rest.get("/api/v1/statistics?operation=tools/call%20slow%23waiting").json();
          JsonNode step = statistics.path("operations").path(0);
          assertThat(step.path("kind").asString()).isEqualTo("checkpoint");
          assertThat(step.at("/total/max_seconds").asDouble()).isPositive();
        });
    assertThat(rest.get(self + "/partial").json().path("partial").isNull()).isTrue();

    String failed = "/api/v1/jobs/" + rest.submit("count", "{\"number\":-1}");
    JsonNode dead = rest.get(failed + "?wait_seconds=60").json();
    assertThat(dead.at("/attempts/0/error/code").asString()).isEqualTo("TOOL_FAILED");
    assertThat(dead.at("/attempts/0/error/message").asString()).isEqualTo("below zero");
  }

  @Test
  void eventsTellStateProgressAndMessageUntilTheEnd() throws Exception {
    String self = "/api/v1/jobs/" + rest.submit("slow", "{}");

    List<Event> events =
        rest.events(
            self + "/events",
            event -> {
              if (event.name().equals("progress")) {
                toolbox.open();
              }
            });

    assertThat(events).extracting(Event::name).contains("state", "progress", "message");
    assertThat(events)
        .filteredOn(e -> e.name().equals("progress"))
        .first()
        .satisfies(e -> assertThat(e.data().path("progress").asDouble()).isEqualTo(0.5));
    Event last = events.getLast();
    assertThat(last.name()).isEqualTo("end");
    assertThat(last.data().path("state").asString()).isEqualTo("completed");
  }

  @Test
  void aCancelledJobKeepsWhatTheToolHadProduced() throws Exception {
    String self = "/api/v1/jobs/" + rest.submit("slow", "{}");
    var cancelled = new CountDownLatch(1);
    rest.events(
        self + "/events",
        event -> {
          if (event.name().equals("progress") && cancelled.getCount() > 0) {
            cancelled.countDown();
            assertThat(rest.post(self + "/cancel", "").status()).isEqualTo(200);
          }
        });

    assertThat(rest.get(self).json().path("state").asString()).isEqualTo("cancelled");
    Answer again = rest.post(self + "/cancel", "");
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.type()).isEqualTo("already-finished");
    org.awaitility.Awaitility.await()
        .untilAsserted(() -> {
          JsonNode partial = rest.get(self + "/result").json().path("partial");
          assertThat(partial.path("processed").asInt()).isEqualTo(2);
          assertThat(partial.path("remaining").asInt()).isEqualTo(1);
          assertThat(partial.path("value").size()).isEqualTo(2);
        });
  }

  @Test
  void anUnfinishedJobHasNoResultAndIsDeletedOnlyByForce() {
    String self = "/api/v1/jobs/" + rest.submit("slow", "{}");

    Answer early = rest.get(self + "/result");
    assertThat(early.status()).isEqualTo(409);
    assertThat(early.type()).isEqualTo("not-finished");
    assertThat(early.header("Retry-After")).isEqualTo("1");
    assertThat(rest.get(self + "?wait_seconds=1").json().path("finished_at").isNull()).isTrue();

    assertThat(rest.delete(self).status()).isEqualTo(409);
    assertThat(rest.delete(self + "?force=true").status()).isEqualTo(204);
    assertThat(rest.get(self).status()).isEqualTo(404);
    assertThat(rest.get(self).type()).isEqualTo("unknown-job");
  }

  @Test
  void jobsAreListedNewestFirstPageByPage() {
    String first = rest.submit("count", "{\"number\":1}");
    String second = rest.submit("count", "{\"number\":2}");
    rest.get("/api/v1/jobs/" + first + "?wait_seconds=30");
    rest.get("/api/v1/jobs/" + second + "?wait_seconds=30");

    JsonNode page = rest.get("/api/v1/jobs?tool=count&state=completed&limit=1").json();
    assertThat(page.path("jobs").size()).isEqualTo(1);
    assertThat(page.path("jobs").path(0).path("id").asString()).isEqualTo(second);
    String cursor = page.path("next_cursor").asString();
    JsonNode next =
        rest.get("/api/v1/jobs?tool=count&state=completed&limit=1&cursor=" + cursor).json();
    assertThat(next.path("jobs").path(0).path("id").asString()).isEqualTo(first);
  }

  @Test
  void theToolsAreListedWithSchemaAndPolicyButWithoutInternalOnes() {
    JsonNode tools = rest.get("/api/v1/tools").json().path("tools");

    JsonNode count =
        tools.valueStream().filter(t -> t.path("name").asString().equals("count")).findAny().get();
    assertThat(count.path("input_schema").path("type").asString()).isEqualTo("object");
    assertThat(count.path("execution").asString()).isEqualTo("queued");
    assertThat(count.path("timeout_seconds").asInt()).isEqualTo(300);
    assertThat(tools.valueStream().map(t -> t.path("name").asString()))
        .doesNotContain("continue_operation");
  }

  @Test
  void everythingWrongWithARequestIsNamedAtOnce() {
    Answer answer =
        rest.post(
            "/api/v1/jobs",
            """
            {"method": 3, "priorty": "high", "priority": "soon", "delay_seconds": -1,
             "timeout_seconds": 1e400, "max_attempts": 0, "metadata": {"a/b": 1}}
            """);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    assertThat(answer.type()).isEqualTo("invalid-request");
    assertThat(answer.json().path("violations").valueStream().map(v -> v.path("path").asString()))
        .containsExactlyInAnyOrder(
            "/method",
            "/params",
            "/priorty",
            "/priority",
            "/delay_seconds",
            "/timeout_seconds",
            "/max_attempts",
            "/metadata/a~1b");
    assertThat(answer.json().path("detail").asString()).contains("did you mean \"priority\"?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"method":"tools/call","params":{"name":"nope","arguments":{}}} | 422 | unknown-tool
          {"method":"initialize","params":{}}                             | 400 | unsupported-method
          {"method":"tools/call",                                         | 400 | malformed-json
          {"method":"a","method":"b"}                                     | 400 | malformed-json
          {"method":"tools/call"} {}                                      | 400 | malformed-json
          []                                                              | 400 | malformed-json
          ``                                                              | 400 | malformed-json
          """)
  void badSubmissionsAreRefused(String body, int status, String type) {
    Answer answer = rest.post("/api/v1/jobs", body);

    assertThat(answer.type()).as(answer.response().body()).isEqualTo(type);
    assertThat(answer.status()).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/api/v1/nothing,404,unknown-route",
    "GET,/api/v1/jobs/nothing,404,unknown-job",
    "GET,/api/v1/jobs/nothing/result,404,unknown-job",
    "GET,/api/v1/jobs/nothing/events,404,unknown-job",
    "POST,/api/v1/jobs/nothing/cancel,404,unknown-job",
    "POST,/api/v1/jobs/nothing/start,404,unknown-job",
    "POST,/api/v1/dead-letters/nothing/replay,404,unknown-job",
    "DELETE,/api/v1/dead-letters/nothing,404,unknown-job",
    "GET,/api/v1/dead-letters?state=dead,400,invalid-request",
    "GET,/api/v1/dead-letters?cursor=garbage,400,invalid-request",
    "GET,/api/v1/queues/nothing,404,unknown-queue",
    "GET,/api/v1/queues/nothing/callers,404,unknown-queue",
    "GET,/api/v1/queues/default/callers?limit=101,400,invalid-request",
    "POST,/api/v1/queues/nothing/pause,404,unknown-queue",
    "POST,/api/v1/queues/nothing/resume,404,unknown-queue",
    "POST,/api/v1/queues/nothing/drain,404,unknown-queue",
    "POST,/api/v1/queues/default/pause?for=1h,400,invalid-request",
    "POST,/api/v1/queues/default/stop,404,unknown-route",
    "DELETE,/api/v1/jobs/nothing,404,unknown-job",
    "DELETE,/api/v1/jobs,405,method-not-allowed",
    "PUT,/api/v1/tools,405,method-not-allowed",
    "GET,/api/v1/jobs?stat=dead,400,invalid-request",
    "GET,/api/v1/jobs?state=done,400,invalid-request",
    "GET,/api/v1/jobs?limit=0,400,invalid-request",
    "GET,/api/v1/jobs?limit=501,400,invalid-request",
    "GET,/api/v1/statistics?hours=0,400,invalid-request",
    "GET,/api/v1/statistics?hours=25,400,invalid-request",
    "GET,/api/v1/statistics?tool=add,400,invalid-request",
    "GET,/api/v1/jobs?cursor=garbage,400,invalid-request",
    "GET,/api/v1/jobs/nothing?wait_seconds=301,400,invalid-request",
    "DELETE,/api/v1/jobs/nothing?force=maybe,400,invalid-request",
    "POST,/api/v1/jobs,415,unsupported-media-type"
  })
  void badRequestsAreRefused(String method, String path, int status, String type) {
    Answer answer = rest.send(rest.request(path).method(method, BodyPublishers.ofString("x")));

    assertThat(answer.type()).as(answer.response().body()).isEqualTo(type);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    assertThat(answer.response().body()).doesNotContain("Exception");
  }

  @Test
  void aBodyOverTheLimitIsRefusedWhetherOrNotItsLengthIsAnnounced() {
    String big = RestClient.call("count", "{\"x\":\"" + "a".repeat(11_000_000) + "\"}");

    assertThat(rest.post("/api/v1/jobs", big).status()).isEqualTo(413);
    Answer chunked =
        rest.send(
            rest.request("/api/v1/jobs")
                .header("Content-Type", "application/json")
                .POST(
                    BodyPublishers.ofInputStream(() ->
                        new ByteArrayInputStream(
                            big.getBytes(java.nio.charset.StandardCharsets.UTF_8)))));
    assertThat(chunked.status()).isEqualTo(413);
    assertThat(chunked.json().path("detail").asString()).contains("longhaul.rest.max-request-size");
  }

  @Test
  void whatWasLearntOfClientsIsShownToTheirCallerAndForgotten() {
    var nothing = JsonNodeFactory.instance.objectNode();
    var client = new Client("2025-11-25", nothing, "my client", "1.0", null, Map.of());
    for (String owner : List.of(Caller.LOCAL.owner(), "somebody else")) {
      patience.left(owner, client, Duration.ofSeconds(20));
      patience.left(owner, client, Duration.ofSeconds(21));
    }
    JsonNode clients = rest.get("/api/v1/clients").json().path("clients");
    assertThat(clients).hasSize(1);
    JsonNode one = clients.path(0);
    assertThat(one.path("name").asString()).isEqualTo("my client");
    assertThat(one.path("version").asString()).isEqualTo("1.0");
    assertThat(one.path("last_leave_seconds").asDouble()).isEqualTo(21);
    assertThat(one.path("limit_seconds").asDouble()).isEqualTo(20);
    assertThat(one.path("hold_seconds").asDouble()).isEqualTo(16);
    assertThat(one.path("at").asString()).isNotEmpty();

    assertThat(rest.delete("/api/v1/clients?version=1.0").status()).isEqualTo(400);
    assertThat(rest.delete("/api/v1/clients?name=my%20client&owner=x").status()).isEqualTo(400);
    assertThat(rest.delete("/api/v1/clients?name=my%20client&version=1.0").status()).isEqualTo(204);
    assertThat(rest.get("/api/v1/clients").json().path("clients")).isEmpty();
    assertThat(patience.learnt("somebody else")).hasSize(1);
  }

  @Test
  void theHealthShowsTheFiguresOfTheLastHour() {
    String failed =
        rest.post(
                JOBS,
                """
                {"method": "tools/call", "params": {"name": "count", "arguments": {"number": -1}}}
                """)
            .header("Location");
    assertThat(rest.get(failed + "?wait_seconds=30").json().path("state").asString())
        .isEqualTo("dead");
    await()
        .untilAsserted(() -> {
          Answer answer = rest.get("/api/v1/health");
          assertThat(answer.status()).isEqualTo(200);
          JsonNode metrics = answer.json().path("metrics");
          assertThat(metrics.propertyNames())
              .containsExactly(
                  "queue_size",
                  "failed_jobs",
                  "average_processing_time",
                  "success_rate",
                  "oldest_pending_job");
          assertThat(metrics.path("failed_jobs").asInt()).isPositive();
          assertThat(metrics.path("average_processing_time").isNumber()).isTrue();
          assertThat(answer.json().path("status").asString())
              .isEqualTo(metrics.path("success_rate").asDouble() < 0.95 ? "unhealthy" : "healthy");
        });
    assertThat(rest.get("/api/v1/health?verbose=true").status()).isEqualTo(400);
  }

  @Test
  void whatJobsDidIsShownByOperationAndHour() {
    String job =
        rest.post(
                JOBS,
                """
                {"method": "tools/call", "params": {"name": "add", "arguments": {"a": 1, "b": 2}}}
                """)
            .header("Location");
    assertThat(rest.get(job + "?wait_seconds=30").json().path("state").asString())
        .isEqualTo("completed");
    await()
        .untilAsserted(() -> {
          JsonNode report = rest.get("/api/v1/statistics?operation=tools/call%20add").json();
          assertThat(report.path("sample_rate").asDouble()).isEqualTo(1);
          assertThat(report.path("hours").asInt()).isEqualTo(24);
          JsonNode add = report.path("operations").path(0);
          assertThat(add.path("operation").asString()).isEqualTo("tools/call add");
          assertThat(add.path("kind").asString()).isEqualTo("job");
          assertThat(add.path("total").path("count").asInt()).isPositive();
          assertThat(add.path("total").path("failures").asInt()).isZero();
          assertThat(add.path("total").path("p95_seconds").isNumber()).isTrue();
          assertThat(add.path("by_hour").path(0).path("figures").path("count").asInt())
              .isPositive();
        });
    assertThat(rest.get("/api/v1/statistics?hours=1").json().path("operations")).isNotEmpty();
  }

  @Test
  void theApiIsDescribedCompletely() {
    JsonNode api = rest.get("/v3/api-docs").json();

    assertThat(api.path("paths").propertyNames())
        .containsExactlyInAnyOrder(
            "/api/v1/{kind}/{id}/deliveries",
            "/api/v1/batches",
            "/api/v1/batches/{id}",
            "/api/v1/batches/{id}/cancel",
            "/api/v1/batches/{id}/events",
            "/api/v1/batches/{id}/results",
            "/api/v1/cache",
            "/api/v1/cache/lists",
            "/api/v1/cache/resources",
            "/api/v1/cache/tools/{name}",
            "/api/v1/cache/tools/{name}/forget",
            "/api/v1/chains",
            "/api/v1/chains/{id}",
            "/api/v1/chains/{id}/cancel",
            "/api/v1/chains/{id}/events",
            "/api/v1/clients",
            "/api/v1/health",
            "/api/v1/jobs",
            "/api/v1/jobs/{id}",
            "/api/v1/jobs/{id}/cancel",
            "/api/v1/jobs/{id}/events",
            "/api/v1/jobs/{id}/partial",
            "/api/v1/jobs/{id}/questions",
            "/api/v1/jobs/{id}/result",
            "/api/v1/jobs/{id}/start",
            "/api/v1/execute",
            "/api/v1/dead-letters",
            "/api/v1/dead-letters/drop",
            "/api/v1/dead-letters/replay",
            "/api/v1/dead-letters/{id}",
            "/api/v1/dead-letters/{id}/replay",
            "/api/v1/keys",
            "/api/v1/keys/{name}",
            "/api/v1/keys/{name}/rotate",
            "/api/v1/queues",
            "/api/v1/queues/{name}",
            "/api/v1/queues/{name}/callers",
            "/api/v1/queues/{name}/drain",
            "/api/v1/queues/{name}/pause",
            "/api/v1/queues/{name}/resume",
            "/api/v1/statistics",
            "/api/v1/tools",
            "/api/v1/upstreams",
            "/api/v1/upstreams/reload",
            "/api/v1/upstreams/{upstream}",
            "/api/v1/upstreams/{upstream}/disable",
            "/api/v1/upstreams/{upstream}/enable",
            "/api/v1/upstreams/{upstream}/reconnect");
    DescribedWords words = DescribedWords.read();
    Set<String> operations = new HashSet<>();
    Set<String> parameters = new HashSet<>();
    api.path("paths")
        .forEach(path ->
            path.forEach(operation -> {
              operations.add(operation.path("operationId").asString());
              operation.path("parameters").forEach(p -> parameters.add(p.path("name").asString()));
              assertThat(operation.path("summary").asString()).isNotBlank();
              assertThat(operation.path("description").asString()).isNotBlank();
              assertThat(operation.path("responses").propertyNames())
                  .anyMatch(status -> status.startsWith("2"))
                  .anyMatch(status -> status.startsWith("4"));
            }));
    assertThat(words.operations().keySet()).isEqualTo(operations);
    // In a host application the filters cover only these resources.
    assertThat(api.path("paths").propertyNames())
        .map(path -> path.split("/", -1)[3])
        .filteredOn(first -> !first.equals("{kind}")) // jobs, batches or chains
        .isSubsetOf(ServedPaths.RESOURCES);
    assertThat(parameters).containsAll(words.parameters().keySet());
    Object states = Objects.requireNonNull(words.parameters().get("state")).getSchema().getEnum();
    assertThat(states).isEqualTo(Stream.of(JobState.values()).map(JobState::wire).toList());
    String execute = "/paths/~1api~1v1~1execute/post/requestBody/content/application~1json";
    assertThat(api.at(execute + "/schema/$ref").asString()).endsWith("/ExecuteRequest");
    assertThat(api.path("components").path("schemas").propertyNames())
        .contains("Job", "Problem", "SubmitRequest", "JobList", "Tool");
    JsonNode submit = api.path("paths").path("/api/v1/jobs").path("post");
    assertThat(submit.path("requestBody").path("content").propertyNames())
        .containsExactly("application/json");
    assertThat(submit.path("responses").propertyNames())
        .contains("202", "400", "409", "413", "415", "422", "429", "503")
        .doesNotContain("200");
    assertThat(rest.get("/swagger-ui.html").status()).isEqualTo(302);
    assertThat(rest.get("/swagger-ui/index.html").response().body()).doesNotContain("http");
  }

  @Test
  void anAnswerThatIsNotAsDescribedIsFound() {
    ObjectNode job =
        (ObjectNode) rest.get("/api/v1/jobs/" + rest.submit("count", "{\"number\":1}")).json();
    ApiDocument document = rest.document();
    String schema = "#/components/schemas/Job";

    document.conforms(schema, job.toString(), "as it is");
    for (ObjectNode wrong :
        List.of(
            job.deepCopy().putNull("state"),
            job.deepCopy().without("due_at"),
            job.deepCopy().put("not_described", 1))) {
      assertThatThrownBy(() -> document.conforms(schema, wrong.toString(), "wrong"))
          .isInstanceOf(AssertionError.class);
    }
  }

  @Test
  void theDescriptionIsBuiltBeforeAnyoneAsksAndOnce() {
    descriptions.setCachedOpenAPI(null, Locale.ENGLISH);

    new DescriptionAhead(resources, Duration.ZERO).build();

    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> descriptions.getCachedOpenAPI(Locale.ENGLISH) != null);
    assertThat(rest.send(rest.request("/v3/api-docs").header("Accept-Language", "fr")).status())
        .isEqualTo(200);
    assertThat(descriptions.getCachedOpenAPI(Locale.FRENCH)).isNull();
  }
}
