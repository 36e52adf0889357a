package dev.longhaul.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.rest.RestClient.Answer;
import dev.longhaul.rest.RestClient.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Batches and chains over REST, with the whole application and a real Redis. */
class FlowsOverRestTest extends RestFixture {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private String accepted(String path, String body) {
    Answer answer = rest.post(path, body);
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(202);
    String self = path + "/" + answer.json().path("id").asString();
    assertThat(answer.header("Location")).isEqualTo(self);
    return self;
  }

  private static String jobs(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "{\"tool\":\"add\",\"arguments\":{\"a\":%d,\"b\":1}}".formatted(i))
        .collect(Collectors.joining(",", "[", "]"));
  }

  @Test
  void aBatchRunsAllItsJobsAndItsResultsAreReadInPages() {
    String self = accepted("/api/v1/batches", "{\"name\":\"nightly\",\"jobs\":" + jobs(5) + "}");
    JsonNode batch = ended(self);

    assertThat(batch.path("state").asString()).isEqualTo("completed");
    assertThat(batch.path("name").asString()).isEqualTo("nightly");
    assertThat(batch.path("total").asInt()).isEqualTo(5);
    assertThat(batch.path("completed").asInt()).isEqualTo(5);
    assertThat(batch.path("failed").asInt()).isZero();
    assertThat(batch.path("cancelled").asInt()).isZero();
    assertThat(batch.path("progress").asDouble()).isEqualTo(1.0);

    JsonNode first = rest.get(self + "/results?limit=3").json();
    assertThat(first.path("results").size()).isEqualTo(3);
    assertThat(first.path("has_more").asBoolean()).isTrue();
    assertThat(first.path("next_offset").asInt()).isEqualTo(3);
    assertThat(first.at("/results/2/index").asInt()).isEqualTo(2);
    assertThat(first.at("/results/2/state").asString()).isEqualTo("completed");
    assertThat(first.at("/results/2/result/content/0/text").asString()).isEqualTo("3");
    JsonNode rest2 = rest.get(self + "/results?offset=3").json();
    assertThat(rest2.path("results").size()).isEqualTo(2);
    assertThat(rest2.path("has_more").asBoolean()).isFalse();
    assertThat(rest2.path("next_offset").isNull()).isTrue();
    assertThat(rest.get("/api/v1/jobs/" + rest2.at("/results/0/id").asString()).status())
        .isEqualTo(200);
  }

  @Test
  void callbacksRunWhenTheirOccasionComesAndKnowTheBatch() {
    String self =
        accepted(
            "/api/v1/batches",
            """
            {"jobs": [{"method": "tools/call", "params": {"name": "fail", "arguments": {}}},
                      {"tool": "add", "arguments": {"a": 1, "b": 1}}],
             "allow_failures": true,
             "then": [{"tool": "note", "arguments": {"text": "then {{flow#/failed}}"}},
                      {"tool": "note", "arguments": {"text": "also then"}}],
             "catch": [{"tool": "note", "arguments": {"text": "catch"}}],
             "finally": [{"tool": "note", "arguments": {"text": "finally {{flow#/id}}"}}]}
            """);
    JsonNode batch = ended(self);
    String id = batch.path("id").asString();

    assertThat(batch.path("state").asString()).isEqualTo("completed");
    assertThat(batch.path("failed").asInt()).isEqualTo(1);
    assertThat(batch.path("completed").asInt()).isEqualTo(1);
    await()
        .atMost(LIMIT)
        .untilAsserted(() ->
            assertThat(toolbox.noted)
                .containsExactlyInAnyOrder("then 1", "also then", "catch", "finally " + id));
    assertThat(rest.get(self).json().at("/callbacks/then").size()).isEqualTo(2);
  }

  @Test
  void aFailureStopsABatchThatDoesNotAllowIt() {
    String self =
        accepted(
            "/api/v1/batches",
            "{\"jobs\":[{\"tool\":\"fail\",\"arguments\":{}},"
                + "{\"tool\":\"slow\",\"arguments\":{},\"delay_seconds\":3600}],"
                + "\"then\":[{\"tool\":\"note\",\"arguments\":{\"text\":\"never\"}}]}");
    JsonNode batch = ended(self);

    assertThat(batch.path("state").asString()).isEqualTo("failed");
    assertThat(batch.path("reason").asString()).isEqualTo("child_failed");
    assertThat(batch.path("cancelled").asInt()).isEqualTo(1);
    JsonNode failed = rest.get(self + "/results").json().at("/results/0");
    assertThat(failed.path("state").asString()).isIn("dead", "failed");
    assertThat(failed.at("/result/error/message").asString()).contains("it failed");
    assertThat(toolbox.noted).isEmpty();
  }

  @Test
  void aListIsDividedIntoChunks() {
    String self =
        accepted(
            "/api/v1/batches",
            """
            {"chunk": {"tool": "sum", "arguments": {"items": [1,2,3,4,5,6,7], "more": 100},
                       "list": "items", "size": 3, "priority": "high"}}
            """);
    assertThat(ended(self).path("total").asInt()).isEqualTo(3);
    List<String> sums = new ArrayList<>();
    rest.get(self + "/results")
        .json()
        .path("results")
        .forEach(item -> sums.add(item.at("/result/content/0/text").asString()));
    assertThat(sums).containsExactly("106", "115", "107");
  }

  @Test
  void aSmallRequestDoesNotBecomeALargeStore() {
    String items = IntStream.range(0, 10_000).mapToObj(i -> "1").collect(Collectors.joining(","));
    Answer answer =
        rest.post(
            "/api/v1/batches",
            "{\"chunk\":{\"tool\":\"sum\",\"list\":\"items\",\"size\":1,\"arguments\":{\"items\":["
                + items
                + "],\"more\":\""
                + "x".repeat(10_000)
                + "\"}}}");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().at("/violations/0/path").asString()).isEqualTo("/chunk/arguments");
    assertThat(answer.json().path("detail").asString()).contains("larger size");
  }

  @Test
  void tenThousandJobsAreOneRequest() {
    String body = "{\"jobs\":" + jobs(10_000) + "}";
    String self = accepted("/api/v1/batches", body);
    JsonNode batch = ended(self);
    assertThat(batch.path("completed").asInt()).isEqualTo(10_000);
    JsonNode last = rest.get(self + "/results?offset=9999").json();
    assertThat(last.at("/results/0/result/content/0/text").asString()).isEqualTo("10000");

    Answer tooMany = rest.post("/api/v1/batches", "{\"jobs\":" + jobs(10_001) + "}");
    assertThat(tooMany.status()).isEqualTo(400);
    assertThat(tooMany.json().at("/violations/0/path").asString()).isEqualTo("/jobs");
    assertThat(tooMany.json().path("detail").asString()).contains("max-jobs");
  }

  @Test
  void underOneKeyItIsOneBatch() {
    String body = "{\"name\":\"once\",\"jobs\":" + jobs(2) + "}";
    Answer first = keyed("/api/v1/batches", "\"the one\"", body);
    Answer again = keyed("/api/v1/batches", "\"the one\"", body);
    assertThat(first.status()).isEqualTo(202);
    assertThat(again.json().path("id")).isEqualTo(first.json().path("id"));
    ended("/api/v1/batches/" + first.json().path("id").asString());
    assertThat(keyed("/api/v1/batches", "\"the one\"", body).json().path("id"))
        .isEqualTo(first.json().path("id"));

    Answer other =
        keyed("/api/v1/batches", "\"the one\"", "{\"name\":\"once\",\"jobs\":" + jobs(3) + "}");
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.type()).isEqualTo("idempotency-conflict");
    assertThat(other.json().path("job_id")).isEqualTo(first.json().path("id"));
  }

  @Test
  void resultsAreStreamedAsTheyComeAndAClientGoesOnWhereItWas() throws Exception {
    String self =
        accepted(
            "/api/v1/batches",
            "{\"jobs\":[{\"tool\":\"slow\",\"arguments\":{}},"
                + "{\"tool\":\"add\",\"arguments\":{\"a\":1,\"b\":1}}]}");
    List<Event> events =
        rest.events(
            self + "/events",
            event -> {
              // The quick result must arrive while the slow tool runs, which continues only then.
              if (event.name().equals("result")) {
                toolbox.open();
              }
            });
    List<Event> results = events.stream().filter(e -> e.name().equals("result")).toList();
    assertThat(results.stream().map(e -> e.data().path("index").asInt())).containsExactly(1, 0);
    assertThat(results.getFirst().data().at("/result/content/0/text").asString()).isEqualTo("2");
    assertThat(events.getLast().name()).isEqualTo("end");
    assertThat(events.getLast().data().path("state").asString()).isEqualTo("completed");
    JsonNode counts =
        events.stream().filter(e -> e.name().equals("progress")).toList().getLast().data();
    assertThat(counts.path("completed").asInt()).isEqualTo(2);

    String resumed =
        rest.send(rest.request(self + "/events").header("Last-Event-ID", "1").GET())
            .response()
            .body();
    assertThat(resumed).contains("id: 2\n").doesNotContain("id: 1\n");
  }

  @Test
  void cancellingABatchReachesEveryJob() {
    String slow = "{\"tool\":\"slow\",\"arguments\":{}}";
    String later = "{\"tool\":\"slow\",\"arguments\":{},\"delay_seconds\":3600}";
    String self =
        accepted(
            "/api/v1/batches",
            "{\"jobs\":[%s,%s,%s],\"finally\":[{\"tool\":\"note\",\"arguments\":{\"text\":\"end\"}}]}"
                .formatted(slow, slow, later));
    await().atMost(LIMIT).until(() -> states(self).stream().filter("running"::equals).count() == 2);

    assertThat(rest.post(self + "/cancel", "").json().path("state").asString())
        .isEqualTo("cancelled");
    assertThat(ended(self).path("cancelled").asInt()).isEqualTo(3);
    assertThat(states(self)).containsOnly("cancelled");
    await().atMost(LIMIT).until(() -> toolbox.noted.contains("end"));
    Answer again = rest.post(self + "/cancel", "");
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.type()).isEqualTo("already-finished");
  }

  private List<String> states(String self) {
    List<String> states = new ArrayList<>();
    rest.get(self + "/results")
        .json()
        .path("results")
        .forEach(item -> states.add(item.path("state").asString()));
    return states;
  }

  @Test
  void theStepsOfAChainUseResultsOfThoseBefore() {
    String self =
        accepted(
            "/api/v1/chains",
            """
            {"name": "steps", "steps": [
               {"tool": "add", "arguments": {"a": 2, "b": 3}},
               {"tool": "pair", "arguments": {"number": "{{RESULT_FROM_PREVIOUS}}"}},
               {"tool": "sum", "arguments": {"items": "{{previous#/list}}", "more": "{{steps.1}}"}},
               {"tool": "note", "arguments": {"text": "{{steps.2#/word}} and {{previous}}"}}],
             "then": [{"tool": "note", "arguments": {"text": "then {{steps.3}} {{previous}}"}}]}
            """);
    JsonNode chain = ended(self);

    assertThat(chain.path("state").asString()).isEqualTo("completed");
    assertThat(chain.path("steps").size()).isEqualTo(4);
    chain
        .path("steps")
        .forEach(step -> assertThat(step.path("state").asString()).isEqualTo("completed"));
    assertThat(chain.at("/steps/0/step").asInt()).isEqualTo(1);
    assertThat(chain.at("/result/content/0/text").asString()).isEqualTo("no. 5 and 16");
    await().atMost(LIMIT).until(() -> toolbox.noted.contains("then 16 no. 5 and 16"));
  }

  @Test
  void aNumberInTextIsTheTextWhereTheToolWantsOne() {
    String self =
        accepted(
            "/api/v1/chains",
            """
            {"steps": [{"tool": "add", "arguments": {"a": 2, "b": 3}},
                       {"tool": "note", "arguments": {"text": "{{RESULT_FROM_PREVIOUS}}"}}]}
            """);
    assertThat(ended(self).path("state").asString()).isEqualTo("completed");
    assertThat(toolbox.noted).containsExactly("5");
  }

  @Test
  void anObjectOrAListIsItsJsonWhereTheToolWantsAText() {
    String self =
        accepted(
            "/api/v1/chains",
            """
            {"steps": [{"tool": "pair", "arguments": {"number": 5}},
                       {"tool": "note", "arguments": {"text": "{{RESULT_FROM_PREVIOUS}}"}},
                       {"tool": "note", "arguments": {"text": "{{steps.1#/list}}"}},
                       {"tool": "compute_hash", "arguments": {"data": "abc"}},
                       {"tool": "compute_hash", "arguments": {"data": "{{RESULT_FROM_PREVIOUS}}"}}]}
            """);
    JsonNode chain = ended(self);
    assertThat(chain.path("state").asString()).as(chain.toString()).isEqualTo("completed");
    assertThat(toolbox.noted)
        .satisfiesExactly(
            object -> assertThat(object).startsWith("{").contains("\"word\":\"no. 5\""),
            list -> assertThat(list).startsWith("[").endsWith("]"));
  }

  @Test
  void aFailingStepStopsTheRest() {
    String self =
        accepted(
            "/api/v1/chains",
            """
            {"steps": [{"tool": "add", "arguments": {"a": 2, "b": 3}},
                       {"tool": "fail", "arguments": {}},
                       {"tool": "note", "arguments": {"text": "never"}}]}
            """);
    JsonNode chain = ended(self);
    assertThat(chain.path("state").asString()).isEqualTo("failed");
    assertThat(chain.path("reason").asString()).isEqualTo("child_failed");
    assertThat(chain.at("/steps/0/state").asString()).isEqualTo("completed");
    assertThat(chain.at("/steps/1/state").asString()).isIn("dead", "failed");
    assertThat(chain.at("/steps/2/state").asString()).isEqualTo("cancelled");
    assertThat(chain.at("/failure/error/message").asString()).contains("it failed");
    assertThat(chain.path("result").isNull()).isTrue();
    assertThat(toolbox.noted).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"items\":\"{{previous#/nowhere}}\",\"more\":1} | finds nothing",
        "{\"items\":\"{{previous}}\",\"more\":1} | /items"
      })
  void aStepWhoseArgumentsCannotBeMadeFailsForGoodAndSaysWhy(String arguments, String why) {
    String self =
        accepted(
            "/api/v1/chains",
            "{\"steps\":[{\"tool\":\"pair\",\"arguments\":{\"number\":1}},"
                + "{\"tool\":\"sum\",\"max_attempts\":1,\"arguments\":"
                + arguments
                + "}]}");
    JsonNode chain = ended(self);
    assertThat(chain.path("state").asString()).isEqualTo("failed");
    assertThat(chain.at("/steps/1/state").asString()).isEqualTo("failed");
    assertThat(chain.at("/failure/error/code").asString()).isEqualTo("TEMPLATE_ERROR");
    assertThat(chain.at("/failure/error/message").asString()).contains(why);
    JsonNode job = rest.get("/api/v1/jobs/" + chain.at("/steps/1/id").asString()).json();
    assertThat(job.path("attempt").asInt()).isEqualTo(1);
  }

  @Test
  void aChainIsCancelledAndFollowedLikeABatch() throws Exception {
    String self =
        accepted(
            "/api/v1/chains",
            "{\"steps\":[{\"tool\":\"add\",\"arguments\":{\"a\":1,\"b\":1}},"
                + "{\"tool\":\"slow\",\"arguments\":{}},{\"tool\":\"slow\",\"arguments\":{}}]}");
    boolean[] cancelled = {false};
    List<Event> events =
        rest.events(
            self + "/events",
            event -> {
              if (event.name().equals("result") && !cancelled[0]) {
                cancelled[0] = true;
                assertThat(rest.post(self + "/cancel", "").status()).isEqualTo(200);
              }
            });
    assertThat(events.getLast().name()).isEqualTo("end");
    assertThat(events.getLast().data().path("state").asString()).isEqualTo("cancelled");
    JsonNode chain = ended(self);
    assertThat(chain.at("/steps/0/state").asString()).isEqualTo("completed");
    assertThat(chain.at("/steps/1/state").asString()).isEqualTo("cancelled");
    assertThat(chain.at("/steps/2/state").asString()).isEqualTo("cancelled");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "batches | {} | 400 | '' | jobs",
        "batches | {\"jobs\":[{}],\"naem\":1} | 400 | /naem | unknown",
        "batches | {\"jobs\":[{\"tool\":\"add\",\"params\":{}}]} | 400 | /jobs/0/params | arguments",
        "batches | {\"jobs\":[{\"tool\":\"add\",\"idempotency_key\":\"k\"}]} | 400 | /jobs/0/idempotency_key | whole",
        "batches | {\"jobs\":[{\"tool\":\"nope\",\"arguments\":{}}]} | 422 | /jobs/0/tool | Unknown tool",
        "batches | {\"jobs\":[{\"tool\":\"add\",\"arguments\":{\"a\":\"x\",\"b\":1}}]} | 422 | /jobs/0/arguments/a | integer",
        "batches | {\"jobs\":[{\"tool\":\"add\",\"timeout_seconds\":99999,\"arguments\":{\"a\":1,\"b\":1}}]} | 422 | /jobs/0/timeout_seconds | max-timeout",
        "batches | {\"jobs\":[{\"tool\":\"run_batch\",\"arguments\":{}}]} | 422 | /jobs/0/tool | another",
        "batches | {\"queue\":\"nope\",\"jobs\":[{\"tool\":\"slow\",\"arguments\":{}}]} | 422 | /queue | Unknown queue",
        "batches | {\"jobs\":[{\"tool\":\"slow\"}],\"then\":[{\"tool\":\"note\",\"arguments\":{\"text\":\"{{previous}}\"}}]} | 422 | /then/0/arguments | flow",
        "batches | {\"jobs\":[{\"tool\":\"slow\"}],\"catch\":{}} | 400 | /catch | list",
        "batches | {\"chunk\":{\"tool\":\"sum\",\"arguments\":{\"items\":[]},\"list\":\"items\"}} | 400 | /chunk/arguments/items | at least one",
        "batches | {\"chunk\":{\"tool\":\"sum\",\"arguments\":{\"items\":[1]}}} | 400 | /chunk/list | required",
        "chains | {\"steps\":[]} | 400 | /steps | at least one",
        "chains | {\"steps\":[{\"tool\":\"slow\"},{\"tool\":\"slow\"},{\"tool\":\"slow\"},{\"tool\":\"slow\"},{\"tool\":\"slow\"},{\"tool\":\"slow\"}]} | 400 | /steps | max-steps",
        "chains | {\"steps\":[{\"tool\":\"note\",\"arguments\":{\"text\":\"{{previous}}\"}}]} | 422 | /steps/0/arguments | first step",
        "chains | {\"steps\":[{\"tool\":\"note\",\"arguments\":{\"text\":\"{{steps.1}}\"}}]} | 422 | /steps/0/arguments | itself",
        "chains | {\"steps\":[{\"tool\":\"note\",\"arguments\":{\"text\":\"{{steps.2}}\"}},{\"tool\":\"slow\"}]} | 422 | /steps/0/arguments | comes later",
        "chains | {\"steps\":[{\"tool\":\"slow\"},{\"tool\":\"note\",\"arguments\":{\"text\":\"{{steps.9}}\"}}]} | 422 | /steps/1/arguments | no step 9",
        "chains | {\"steps\":[{\"tool\":\"slow\"},{\"tool\":\"note\",\"arguments\":{\"text\":\"{{previous#x}}\"}}]} | 422 | /steps/1/arguments/text | JSON Pointer",
        "chains | {\"steps\":[{\"tool\":\"slow\"},{\"tool\":\"note\",\"arguments\":{\"text\":\"{{nope}}\"}}]} | 422 | /steps/1/arguments/text | unknown"
      })
  void whatIsWrongIsNamed(String what, String body, int status, String path, String why) {
    Answer answer = rest.post("/api/v1/" + what, body);
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(status);
    assertThat(answer.type()).isEqualTo(status == 400 ? "invalid-request" : "invalid-arguments");
    JsonNode violation = answer.json().at("/violations/0");
    assertThat(violation.path("path").asString()).isEqualTo(path);
    assertThat(violation.path("message").asString()).contains(why);
  }

  @Test
  void whatIsNotThereIsUnknownAndAChainIsNoBatch() {
    String chain =
        accepted(
            "/api/v1/chains", "{\"steps\":[{\"tool\":\"add\",\"arguments\":{\"a\":1,\"b\":1}}]}");
    String id = chain.substring(chain.lastIndexOf('/') + 1);
    for (String path : Set.of("nonsense", "0".repeat(38), id)) {
      for (Map.Entry<String, String> route :
          Map.of("", "GET", "/results", "GET", "/events", "GET", "/cancel", "POST").entrySet()) {
        String url = "/api/v1/batches/" + path + route.getKey();
        Answer answer = route.getValue().equals("GET") ? rest.get(url) : rest.post(url, "");
        assertThat(answer.status()).as(url).isEqualTo(404);
        assertThat(answer.type()).isEqualTo("unknown-batch");
      }
    }
    assertThat(rest.get("/api/v1/chains/" + "0".repeat(38)).type()).isEqualTo("unknown-chain");
    ended(chain);
  }
}
