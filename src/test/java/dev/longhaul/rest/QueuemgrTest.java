package dev.longhaul.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.rest.RestClient.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The queuemgr API, with a real Redis and worker. */
class QueuemgrTest extends RestFixture {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private String owner = "";

  @BeforeEach
  void named(TestInfo test) {
    owner = test.getDisplayName().replaceAll("[^a-zA-Z0-9]", "");
  }

  private Answer send(String caller, String body) {
    return rest.send(
        rest.request("/api/v1/execute")
            .header("Content-Type", "application/json")
            .header("Test-Caller", caller)
            .POST(BodyPublishers.ofString(body)));
  }

  private Answer send(String body) {
    return send(owner, body);
  }

  /** Sends an action with further fields, written with ' for ". */
  private JsonNode queue(String action, String more) {
    return send(command(action, more)).json();
  }

  private static String command(String action, String more) {
    return ("{'command':'queue','params':{'action':'" + action + "'" + more + "}}")
        .replace('\'', '"');
  }

  private JsonNode status(String id) {
    return queue("get_status", ",'job_id':'" + id + "'").path("result").path("status");
  }

  private void awaitStatus(String id, String wanted) {
    await().atMost(LIMIT).until(() -> status(id).path("status").asString().equals(wanted));
  }

  private static String kind(JsonNode answer) {
    return answer.path("error").path("data").path("code").asString("");
  }

  // The bodies are copied from queuemgr's document "MCP Proxy Adapter Integration".
  @Test
  void theDocumentedCallsWork() {
    JsonNode added =
        send("""
        {
            "command": "queue",
            "params": {
              "action": "add_job",
              "job_id": "my_job",
              "params": {
                "task_name": "Process Data",
                "duration": 10
              }
            }
          }\
        """)
            .json();
    assertThat(added.propertyNames()).containsExactlyInAnyOrder("jsonrpc", "result", "id");
    assertThat(added.path("jsonrpc").asString()).isEqualTo("2.0");
    assertThat(added.path("id").asInt()).isEqualTo(1);
    JsonNode result = added.path("result");
    assertThat(result.path("success").asBoolean()).isTrue();
    assertThat(result.path("action").asString()).isEqualTo("add_job");
    assertThat(result.path("job_id").asString()).isEqualTo("my_job");
    assertThat(result.path("task_name").asString()).isEqualTo("Process Data");
    assertThat(result.path("duration").asInt()).isEqualTo(10);
    assertThat(result.path("message").asString()).contains("my_job", "added");
    assertThat(result.path("data").path("job_id").asString()).isEqualTo("my_job");

    String one =
        """
        {
            "command": "queue",
            "params": {
              "action": "%s",
              "job_id": "my_job"
            }
          }\
        """;
    JsonNode held = send(one.formatted("get_status")).json().path("result").path("status");
    assertThat(held.path("status").asString()).isEqualTo("pending");
    assertThat(held.path("is_running").asBoolean(true)).isFalse();
    assertThat(held.path("created_at").asDouble()).isGreaterThan(1.7e9);
    assertThat(held.has("started_at")).isFalse();

    assertThat(send(one.formatted("start_job")).json().path("result").path("message").asString())
        .contains("my_job", "started");
    await()
        .atMost(LIMIT)
        .until(() -> {
          JsonNode now = send(one.formatted("get_status")).json().path("result").path("status");
          return now.path("is_running").asBoolean() && now.path("progress").asInt() > 0;
        });
    JsonNode running = status("my_job");
    assertThat(running.path("status").asString()).isEqualTo("running");
    assertThat(running.path("description").asString()).startsWith("Process Data: ");
    assertThat(running.path("started_at").asDouble()).isGreaterThan(1.7e9);

    JsonNode listed =
        send("""
        {
            "command": "queue",
            "params": {
              "action": "list_jobs"
            }
          }\
        """)
            .json()
            .path("result");
    assertThat(listed.path("count").asInt()).isEqualTo(1);
    assertThat(listed.path("jobs").path(0).path("job_id").asString()).isEqualTo("my_job");

    JsonNode stopped = send(one.formatted("stop_job")).json().path("result");
    assertThat(stopped.path("message").asString()).contains("my_job", "stopped");
    assertThat(stopped.path("status").asString()).isEqualTo("stopped");
    assertThat(status("my_job").path("status").asString()).isEqualTo("stopped");
    await().atMost(LIMIT).until(() -> status("my_job").has("partial"));
    JsonNode partial = status("my_job").path("partial");
    assertThat(partial.path("value").path("task_name").asString()).isEqualTo("Process Data");
    assertThat(partial.path("processed").asInt() + partial.path("remaining").asInt()).isEqualTo(10);

    JsonNode deleted =
        send("""
        {
            "command": "queue",
            "params": {
              "action": "delete_job",
              "job_id": "my_job",
              "force": true
            }
          }\
        """)
            .json();
    assertThat(deleted.path("result").path("message").asString()).contains("my_job", "deleted");
    assertThat(kind(send(one.formatted("get_status")).json())).isEqualTo("JOB_NOT_FOUND");

    JsonNode health =
        send("""
        {
            "command": "queue",
            "params": {
              "action": "health"
            }
          }\
        """)
            .json()
            .path("result");
    assertThat(health.path("queue_running").asBoolean()).isTrue();
    assertThat(health.path("status").asString()).isEqualTo("healthy");
  }

  // As in queuemgr's example server: parameters beside job_id, or without a job_id.
  @Test
  void theFlatFormOfTheExampleServerWorksToItsEnd() {
    JsonNode added = queue("add_job", ",'task_name':'short','duration':1");
    assertThat(added.path("result").path("job_id").asString()).isEqualTo("default_job");
    assertThat(queue("start_job", "").path("result").path("success").asBoolean()).isTrue();
    awaitStatus("default_job", "completed");
    JsonNode status = status("default_job");
    assertThat(status.path("progress").asInt()).isEqualTo(100);
    assertThat(status.path("completed_at").asDouble())
        .isGreaterThanOrEqualTo(status.path("started_at").asDouble());
    JsonNode done = status.path("result").path("data");
    assertThat(done.path("task_name").asString()).isEqualTo("short");
    assertThat(done.path("status").asString()).isEqualTo("completed");
    assertThat(
            rest.send(
                    rest.request(status.path("result_url").asString()).header("Test-Caller", owner))
                .json()
                .path("structuredContent")
                .path("data"))
        .isEqualTo(done);
    assertThat(queue("delete_job", "").path("result").path("success").asBoolean()).isTrue();
    assertThat(queue("add_job", "").has("result")).as("the id is free again").isTrue();
    assertThat(queue("delete_job", "").has("result")).as("never started, no force").isTrue();
  }

  @Test
  void aToolOfChoiceRunsWithItsOwnArguments() {
    assertThat(
            queue("add_job", ",'job_id':'h','tool':'compute_hash','params':{'data':'abc'}")
                .path("result")
                .path("tool")
                .asString())
        .isEqualTo("compute_hash");
    queue("start_job", ",'job_id':'h'");
    awaitStatus("h", "completed");
    assertThat(status("h").path("result").path("data").path("hex").asString())
        .startsWith("ba7816bf");
  }

  @Test
  void jsonRpcIsUnderstoodAndItsIdComesBack() {
    JsonNode answer =
        send("""
        {"jsonrpc": "2.0", "method": "queue", "params": {"action": "health"}, "id": "a7"}
        """)
            .json();
    assertThat(answer.path("id").asString()).isEqualTo("a7");
    assertThat(answer.path("result").path("queue_running").asBoolean()).isTrue();
    JsonNode refused = send("{\"jsonrpc\": \"2.0\", \"method\": \"queue\", \"id\": 8}").json();
    assertThat(refused.path("id").asInt()).isEqualTo(8);
    assertThat(refused.path("error").path("data").path("errors").path(0).path("field").asString())
        .isEqualTo("action");
  }

  @Test
  void anIdBelongsToItsOwner() {
    String add = command("add_job", ",'job_id':'same','task_name':'%s'");
    assertThat(send("ann", add.formatted("anns")).json().has("result")).isTrue();
    assertThat(send("bob", add.formatted("bobs")).json().has("result")).isTrue();
    String remove = command("delete_job", ",'job_id':'same','force':true");
    String look = command("get_status", ",'job_id':'same'");
    String ofBob = operation(send("bob", look));
    assertThat(operation(send("ann", look))).isNotEqualTo(ofBob);
    assertThat(send("ann", command("list_jobs", "")).json().path("result").path("count").asInt())
        .isEqualTo(1);
    assertThat(send("ann", remove).json().has("result")).isTrue();
    assertThat(operation(send("bob", look))).isEqualTo(ofBob);
    for (String action : List.of("get_status", "start_job", "stop_job", "delete_job")) {
      assertThat(kind(send("ann", command(action, ",'job_id':'same'")).json()))
          .isEqualTo("JOB_NOT_FOUND");
    }
  }

  private static String operation(Answer status) {
    return status.json().path("result").path("status").path("operation_id").asString();
  }

  @Test
  void ofConcurrentAddsOneWins() throws InterruptedException, ExecutionException {
    List<Callable<JsonNode>> adds = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      // Some have equal arguments, so that an idempotency key would join them.
      String task = "t" + i % 3;
      adds.add(() -> queue("add_job", ",'job_id':'race','task_name':'" + task + "'"));
    }
    List<String> ends = new ArrayList<>();
    try (var threads = Executors.newFixedThreadPool(8)) {
      for (Future<JsonNode> answer : threads.invokeAll(adds)) {
        ends.add(answer.get().has("result") ? "added" : kind(answer.get()));
      }
    }
    assertThat(ends).filteredOn("added"::equals).hasSize(1);
    assertThat(ends).filteredOn("JOB_EXISTS"::equals).hasSize(23);
    assertThat(queue("list_jobs", "").path("result").path("count").asInt()).isEqualTo(1);
  }

  @Test
  void aJobThatRunsOrHasEndedIsNotStartedAgain() {
    queue("add_job", ",'job_id':'j','duration':60");
    assertThat(kind(queue("stop_job", ",'job_id':'j'"))).isEqualTo("JOB_NOT_RUNNING");
    queue("start_job", ",'job_id':'j'");
    awaitStatus("j", "running");
    JsonNode again = queue("start_job", ",'job_id':'j'");
    assertThat(again.path("error").path("code").asInt()).isEqualTo(-32000);
    assertThat(again.path("error").path("message").asString())
        .startsWith("Command failed: ")
        .contains("already running");
    assertThat(kind(queue("delete_job", ",'job_id':'j'"))).isEqualTo("JOB_RUNNING");
    assertThat(queue("delete_job", ",'job_id':'j'").path("error").path("message").asString())
        .contains("force=true");
    assertThat(status("j").path("status").asString()).isEqualTo("running");
    assertThat(queue("stop_job", ",'job_id':'j'").has("result")).isTrue();
    assertThat(kind(queue("start_job", ",'job_id':'j'"))).isEqualTo("JOB_ENDED");
    assertThat(kind(queue("stop_job", ",'job_id':'j'"))).isEqualTo("JOB_NOT_RUNNING");
    assertThat(queue("delete_job", ",'job_id':'j'").has("result")).isTrue();

    queue("add_job", ",'job_id':'k','duration':60");
    queue("start_job", ",'job_id':'k'");
    awaitStatus("k", "running");
    assertThat(queue("delete_job", ",'job_id':'k','force':true").has("result")).isTrue();
    assertThat(kind(queue("get_status", ",'job_id':'k'"))).isEqualTo("JOB_NOT_FOUND");
  }

  @Test
  void aListHasPagesAndLeavesOutWhatHasNoName() {
    for (int i = 0; i < 5; i++) {
      queue("add_job", ",'job_id':'p" + i + "'");
      rest.send(
          rest.request("/api/v1/jobs")
              .header("Content-Type", "application/json")
              .header("Test-Caller", owner)
              .POST(BodyPublishers.ofString(RestClient.call("compute_hash", "{\"data\":\"x\"}"))));
    }
    List<String> ids = new ArrayList<>();
    String more = "";
    for (int page = 0; page < 10; page++) {
      JsonNode result = queue("list_jobs", ",'limit':2" + more).path("result");
      assertThat(result.path("count").asInt()).isEqualTo(result.path("jobs").size());
      assertThat(result.path("jobs").size()).isLessThanOrEqualTo(2);
      result.path("jobs").forEach(job -> ids.add(job.path("job_id").asString()));
      if (!result.has("next_cursor")) {
        break;
      }
      more = ",'cursor':'" + result.path("next_cursor").asString() + "'";
    }
    assertThat(ids).containsExactly("p4", "p3", "p2", "p1", "p0");
    assertThat(queue("list_jobs", ",'status_filter':'COMPLETED'").path("result").path("count"))
        .hasToString("0");
    assertThat(queue("list_jobs", ",'status_filter':'Pending'").path("result").path("count"))
        .hasToString("5");
    assertThat(kind(queue("list_jobs", ",'cursor':'nonsense'"))).isEqualTo("INVALID_PARAMS");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "add_job     | ,'job_id':''                    | job_id",
        "add_job     | ,'job_id':7                     | job_id",
        "add_job     | ,'job_id':'a\\u0000b'           | job_id",
        "add_job     | ,'job_id':'a\\ud800b'           | job_id",
        "add_job     | ,'params':[1]                   | params",
        "add_job     | ,'duration':241                 | params/duration",
        "add_job     | ,'params':{'duration':'long'}   | params/duration",
        "add_job     | ,'params':{'speed':1}           | params",
        "add_job     | ,'tool':''                      | tool",
        "add_job     | ,'taskname':'x'                 | taskname",
        "delete_job  | ,'force':'yes'                  | force",
        "list_jobs   | ,'limit':0                      | limit",
        "list_jobs   | ,'limit':501                    | limit",
        "list_jobs   | ,'limit':1.5                    | limit",
        "list_jobs   | ,'status_filter':'complete'     | status_filter",
        "addjob      | ^^                              | action"
      })
  void aWrongFieldIsNamed(String action, @Nullable String more, String field) {
    Answer answer = send(command(action, more == null ? "" : more));
    assertThat(answer.status()).isEqualTo(200);
    JsonNode error = answer.json().path("error");
    assertThat(error.path("code").asInt()).isEqualTo(-32602);
    assertThat(error.path("message").asString()).startsWith("Validation error: " + field);
    assertThat(error.path("data").path("errors").path(0).path("field").asString()).isEqualTo(field);
    assertThat(error.path("data").path("remediation").asString()).isNotBlank();
    assertThat(queue("list_jobs", "").path("result").path("count").asInt()).isZero();
  }

  @Test
  void anIdHasALongestLength() {
    assertThat(queue("add_job", ",'job_id':'" + "ü".repeat(255) + "'").has("result")).isTrue();
    assertThat(kind(queue("add_job", ",'job_id':'" + "ü".repeat(256) + "'")))
        .isEqualTo("INVALID_PARAMS");
  }

  @Test
  void whatIsNoCommandIsRefusedInTheEnvelope() {
    assertError(send("{\"command\":\"queu\",\"params\":{}}"), 200, -32601, "did you mean");
    assertError(send("{\"params\":{}}"), 200, -32600, "command is required");
    assertError(send("{\"jsonrpc\":\"1.0\",\"method\":\"queue\"}"), 200, -32600, "jsonrpc");
    assertError(send("{\"command\":\"queue\",\"params\":[]}"), 200, -32602, "params");
    assertError(send("{\"command\":"), 400, -32700, "JSON");
    assertError(send("[]"), 400, -32700, "object");
    assertError(
        send("{\"command\":\"" + "x".repeat(11_000_000) + "\"}"), 413, -32600, "max-request-size");
    assertError(send(command("add_job", ",'tool':'nobody_has_it'")), 200, -32000, "nobody_has_it");
    assertError(send(command("add_job", ",'tool':'run_batch'")), 200, -32602, "/api/v1/batches");
    assertThat(rest.get("/api/v1/execute").status()).isEqualTo(405);
  }

  private static void assertError(Answer answer, int status, int code, String says) {
    assertThat(answer.status()).isEqualTo(status);
    JsonNode error = answer.json().path("error");
    assertThat(error.path("code").asInt()).isEqualTo(code);
    assertThat(error.toString()).contains(says);
    assertThat(answer.json().has("id")).isTrue();
    assertThat(answer.json().has("result")).isFalse();
  }

  @Test
  void theDemoIsNotListed() {
    assertThat(rest.get("/api/v1/tools").response().body())
        .contains("compute_hash")
        .doesNotContain("queuemgr_demo");
  }
}
