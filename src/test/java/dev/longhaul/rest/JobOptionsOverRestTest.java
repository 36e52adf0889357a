package dev.longhaul.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.rest.RestClient.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Options of jobs, dead letters and queues over REST, on a real Redis. */
class JobOptionsOverRestTest extends RestFixture {
  private static final String DEAD = "/api/v1/dead-letters";
  private static final String QUEUES = "/api/v1/queues";

  @AfterEach
  void resume() {
    toolbox.scarce.release(10);
    rest.post(QUEUES + "/cpu/resume", "");
    rest.get(JOBS + "?tool=scarce&limit=500")
        .json()
        .path("jobs")
        .forEach(job -> rest.get(JOBS + "/" + id(job) + "?wait_seconds=60"));
    toolbox.scarce.drainPermits();
  }

  @Test
  void aJobAndABatchMayNameAnyQueueThatAPoolServes() {
    // Used by no tool and no job of this test; only the pool io serves it.
    String call = "\"tool\":\"count\",\"arguments\":{\"number\":1}";
    Answer accepted = rest.post(JOBS, "{" + call + ",\"queue\":\"io\"}");
    assertThat(accepted.status()).as(accepted.toString()).isEqualTo(202);
    assertThat(accepted.json().path("queue").asString()).isEqualTo("io");
    assertThat(
            rest.get(JOBS + "/" + id(accepted.json()) + "?wait_seconds=60")
                .json()
                .path("state")
                .asString())
        .isEqualTo("completed");
    Answer batch = rest.post("/api/v1/batches", "{\"queue\":\"io\",\"jobs\":[{" + call + "}]}");
    assertThat(batch.status()).isEqualTo(202);

    Answer refused = rest.post(JOBS, "{" + call + ",\"queue\":\"nowhere\"}");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().toString()).contains("/queue").contains("default, io");
    assertThat(rest.post(JOBS, "{" + call + ",\"queue\":\" \"}").status()).isEqualTo(400);
  }

  @Test
  void aJobThatHasItsTimeWaitsForIt() {
    Answer answer =
        rest.post(
            JOBS, call("\"run_at\": \"2099-12-24T18:00:00+01:00\", \"backoff_seconds\": [1, 2.5]"));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().path("violations").path(0).path("path").asString())
        .isEqualTo("/run_at");
    assertThat(answer.json().path("detail").asString()).contains("longhaul.intake.max-delay");

    Instant time = Instant.now().plusSeconds(3600);
    JsonNode job =
        rest.post(JOBS, call("\"run_at\": \"" + time + "\", \"deadline_seconds\": 7200")).json();
    assertThat(job.path("state").asString()).isEqualTo("scheduled");
    assertThat(Instant.parse(job.path("due_at").asString()))
        .isBetween(time.minusSeconds(1), time.plusSeconds(60));
  }

  @Test
  void aHeldJobStartsWhenItsOwnerSaysSo() {
    JsonNode held = rest.post(JOBS, call("\"held\": true")).json();
    assertThat(held.path("state").asString()).isEqualTo("held");
    assertThat(rest.get(JOBS + "?state=held").json().path("jobs").path(0).path("id"))
        .isEqualTo(held.path("id"));
    String start = held.path("links").path("start").asString();
    assertThat(start).isEqualTo(JOBS + "/" + id(held) + "/start");

    Answer started = rest.post(start, "");
    assertThat(started.status()).isEqualTo(200);
    assertThat(started.json().path("links").has("start")).isFalse();
    assertThat(ended(JOBS + "/" + id(held)).path("state").asString()).isEqualTo("completed");
    Answer again = rest.post(start, "");
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.type()).isEqualTo("not-held");
  }

  @Test
  void aLimitCanBeNarrowedAndNotWidened() {
    JsonNode scarce =
        rest.get("/api/v1/tools")
            .json()
            .path("tools")
            .valueStream()
            .filter(tool -> tool.path("name").asString().equals("scarce"))
            .findAny()
            .orElseThrow();
    assertThat(scarce.path("concurrency").asInt()).isEqualTo(1);
    assertThat(scarce.path("rate").asString()).isEqualTo("100/s");
    Answer wider =
        rest.post(
            JOBS, "{\"method\":\"tools/call\",\"params\":{\"name\":\"scarce\"},\"concurrency\":2}");
    assertThat(wider.status()).isEqualTo(400);
    assertThat(wider.json().path("detail").asString())
        .contains("1 to 1")
        .contains("longhaul.tools.scarce.concurrency");
    assertThat(rest.post(JOBS, call("\"concurrency\": 1, \"rate\": \"5/s\"")).status())
        .isEqualTo(202);
  }

  @Test
  void aJobThatIsHeldBackSaysWhy() throws InterruptedException {
    rest.submit("scarce", "{}");
    assertThat(toolbox.running.poll(60, TimeUnit.SECONDS)).isNotNull();
    String second = rest.submit("scarce", "{}");
    org.awaitility.Awaitility.await()
        .atMost(60, TimeUnit.SECONDS)
        .untilAsserted(() ->
            assertThat(rest.get(JOBS + "/" + second).json().path("waiting").toString())
                .isEqualTo("{\"reason\":\"concurrency\",\"until\":null}"));
    assertThat(rest.get(QUEUES + "/default").json().path("held_back").asInt()).isEqualTo(1);
    toolbox.scarce.release(2);
    JsonNode done = ended(JOBS + "/" + second);
    assertThat(done.path("state").asString()).isEqualTo("completed");
    assertThat(done.path("waiting").isNull()).isTrue();
  }

  @Test
  void aRepeatedKeyIsTheSameJobInTheBodyAndInTheHeader() {
    Answer first = rest.post(JOBS, call("\"idempotency_key\": \"order \\\"7\\\"\""));
    assertThat(first.status()).isEqualTo(202);
    ended(JOBS + "/" + id(first.json()));
    for (String header : List.of("\"order \\\"7\\\"\"", "order \"7\"")) {
      Answer again = keyed(JOBS, header, call(""));
      assertThat(again.status()).isEqualTo(202);
      assertThat(again.header("Location")).isEqualTo(first.header("Location"));
      assertThat(again.json().path("state").asString()).isEqualTo("completed");
    }
  }

  @Test
  void aKeyInUseIsAConflictThatNamesItsJob() {
    Answer first = keyed(JOBS, "\"order-8\"", call(""));
    Answer other = keyed(JOBS, "\"order-8\"", RestClient.call("count", "{\"number\":2}"));
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.type()).isEqualTo("idempotency-conflict");
    assertThat(other.json().path("job_id")).isEqualTo(first.json().path("id"));
  }

  @Test
  void twoDifferentKeysAreRefused() {
    Answer answer = keyed(JOBS, "\"a\"", call("\"idempotency_key\": \"b\""));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().path("detail").asString()).contains("differs from the header");
    assertThat(keyed(JOBS, "\"a\"", call("\"idempotency_key\": \"a\"")).status()).isEqualTo(202);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"open", "\"a\"b", "\"\"", "\"a\\x\"", "\"a\\"})
  void aKeyThatIsNoStringIsRefused(String header) {
    Answer answer = keyed(JOBS, header, call(""));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().path("violations").path(0).path("path").asString())
        .isEqualTo("Idempotency-Key");
  }

  @Test
  void onlyOneKeyIsTaken() {
    Answer answer =
        rest.send(
            rest.request(JOBS)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "\"a\"")
                .header("Idempotency-Key", "\"b\"")
                .POST(BodyPublishers.ofString(call(""))));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().path("detail").asString()).contains("more than once");
  }

  @Test
  void aDeadJobIsListedReplayedAndDropped() {
    JsonNode dead = dead();
    Answer listed = rest.get(DEAD + "?tool=count&limit=1");
    assertThat(listed.json().path("jobs").path(0).path("id")).isEqualTo(dead.path("id"));
    String replay = dead.path("links").path("replay").asString();
    assertThat(replay).isEqualTo(DEAD + "/" + id(dead) + "/replay");

    Answer accepted = rest.post(replay, "");
    assertThat(accepted.status()).isEqualTo(202);
    String self = accepted.header("Location");
    assertThat(self).isEqualTo(JOBS + "/" + id(accepted.json()));
    assertThat(accepted.json().path("replay_of")).isEqualTo(dead.path("id"));
    assertThat(rest.get(JOBS + "/" + id(dead)).json().path("replayed_by"))
        .isEqualTo(accepted.json().path("id"));
    assertThat(rest.post(replay, "").header("Location")).isEqualTo(self);
    assertThat(ended(JOBS + "/" + id(accepted.json())).path("state").asString()).isEqualTo("dead");

    assertThat(rest.delete(DEAD + "/" + id(dead)).status()).isEqualTo(204);
    assertThat(rest.get(JOBS + "/" + id(dead)).type()).isEqualTo("unknown-job");
    assertThat(rest.delete(DEAD + "/" + id(dead)).type()).isEqualTo("unknown-job");
  }

  @Test
  void whatIsNotDeadIsNoDeadLetter() {
    String id = rest.submit("count", "{\"number\":1}");
    ended(JOBS + "/" + id);
    for (Answer answer :
        List.of(rest.post(DEAD + "/" + id + "/replay", ""), rest.delete(DEAD + "/" + id))) {
      assertThat(answer.status()).isEqualTo(409);
      assertThat(answer.type()).isEqualTo("not-dead");
      assertThat(answer.json().path("detail").asString()).contains("it is completed");
    }
  }

  @Test
  void manyDeadJobsAreReplayedByIdOrByToolAndDropped() {
    String one = id(dead());
    String two = id(dead());
    JsonNode replayed = rest.post(DEAD + "/replay", "{\"ids\":[\"" + one + "\",\"none\"]}").json();
    assertThat(outcomes(replayed))
        .containsOnly(Map.entry(one, "replayed"), Map.entry("none", "unknown"));
    String replay = replayed.path("outcomes").path(0).path("job_id").asString();
    assertThat(rest.get(JOBS + "/" + replay).json().path("replay_of").asString()).isEqualTo(one);
    assertThat(replayed.path("next_cursor").isNull()).isTrue();

    JsonNode ofTool = rest.post(DEAD + "/replay", "{\"tool\":\"count\"}").json();
    assertThat(outcomes(ofTool)).containsEntry(two, "replayed").doesNotContainKey(one);

    JsonNode dropped =
        rest.post(DEAD + "/drop", "{\"ids\":[\"" + one + "\",\"" + two + "\"]}").json();
    assertThat(outcomes(dropped))
        .containsOnly(Map.entry(one, "dropped"), Map.entry(two, "dropped"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "replay | {}                             | /ids",
        "replay | {\"ids\":[\"a\"],\"tool\":\"b\"} | /ids",
        "replay | {\"ids\":[]}                   | /ids",
        "replay | {\"ids\":\"a\"}                | /ids",
        "replay | {\"ids\":[1]}                  | /ids",
        "replay | {\"ids\":[\"a\"],\"cursor\":\"c\"} | /cursor",
        "replay | {\"tool\":7}                   | /tool",
        "replay | {\"id\":[\"a\"]}               | /id",
        "drop   | {\"tool\":\"count\"}           | /tool",
        "drop   | {}                             | /ids"
      })
  void badBatchesAreRefused(String action, String body, String path) {
    Answer answer = rest.post(DEAD + "/" + action, body);
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(400);
    assertThat(answer.json().path("violations").path(0).path("path").asString()).isEqualTo(path);
  }

  @Test
  void aBatchHasALimit() {
    String ids = "\"x\"" + ",\"x\"".repeat(100);
    assertThat(rest.post(DEAD + "/drop", "{\"ids\":[" + ids + "]}").status()).isEqualTo(400);
  }

  @Test
  void aQueueIsShownPausedDrainedAndResumed() {
    assertThat(
            rest.get(QUEUES)
                .json()
                .path("queues")
                .valueStream()
                .map(queue -> queue.path("name").asString()))
        .contains("default", "cpu");
    assertThat(rest.post(QUEUES + "/cpu/pause", "").json().path("state").asString())
        .isEqualTo("paused");
    String waiting = rest.submit("elsewhere", "{}");
    JsonNode queue = rest.get(QUEUES + "/cpu").json();
    assertThat(queue.path("waiting").toString())
        .isEqualTo("{\"urgent\":0,\"high\":0,\"default\":1,\"low\":0}");

    assertThat(rest.post(QUEUES + "/cpu/drain", "").json().path("state").asString())
        .isEqualTo("draining");
    Answer refused = rest.post(JOBS, RestClient.call("elsewhere", "{}"));
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.type()).isEqualTo("queue-draining");
    assertThat(refused.header("Retry-After")).isEqualTo("30");
    assertThat(ended(JOBS + "/" + waiting).path("state").asString()).isEqualTo("completed");

    assertThat(rest.post(QUEUES + "/cpu/resume", "").json().path("state").asString())
        .isEqualTo("active");
    assertThat(ended(submitted("elsewhere", "{}")).path("state").asString()).isEqualTo("completed");
  }

  private JsonNode dead() {
    JsonNode dead = ended(submitted("count", "{\"number\":-1}"));
    assertThat(dead.path("state").asString()).isEqualTo("dead");
    return dead;
  }

  private static String id(JsonNode job) {
    return job.path("id").asString();
  }

  private static Map<String, String> outcomes(JsonNode answer) {
    return answer
        .path("outcomes")
        .valueStream()
        .collect(
            java.util.stream.Collectors.toMap(
                one -> one.path("id").asString(), one -> one.path("outcome").asString()));
  }

  /** A call of the counting tool with options. */
  private static String call(String options) {
    String call = RestClient.call("count", "{\"number\":1}");
    return options.isEmpty() ? call : call.substring(0, call.length() - 1) + ", " + options + "}";
  }
}
