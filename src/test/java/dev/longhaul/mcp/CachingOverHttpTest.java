package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.catalog.JobHeaders;
import dev.longhaul.intake.Caller;
import dev.longhaul.intake.Intake;
import dev.longhaul.intake.Submission;
import dev.longhaul.intake.cache.CacheStatistics.Event;
import dev.longhaul.intake.cache.CacheStatistics.Kind;
import dev.longhaul.intake.cache.ResultCache;
import dev.longhaul.job.CacheRun;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.mcp.McpHttp.Answer;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.redis.RedisConnections;
import dev.longhaul.tool.Changes;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Cached results in two processes on one Redis, over MCP and REST. */
@Timeout(300)
class CachingOverHttpTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String CACHED = "dev.longhaul/cached";
  private static Replicas replicas;

  @BeforeAll
  static void start() {
    replicas =
        new Replicas(
            2,
            CachingTools.class,
            "--longhaul.mcp.hold=100s",
            "--longhaul.cache.lists=1h",
            "--longhaul.cache.redis-timeout=30s",
            "--longhaul.cache.resources[0].uri=report://*",
            "--longhaul.tools.queued.timeout=2m",
            "--management.endpoints.web.exposure.include=prometheus");
  }

  @AfterAll
  static void stop() {
    replicas.close();
  }

  private static String arguments(String text) {
    return "{\"text\":\"" + text + "\"}";
  }

  private static JsonNode call(int process, String tool, String text) {
    return replicas.get(process).modernCall(tool, arguments(text)).send().result();
  }

  private static String text(JsonNode result) {
    return result.path("content").path(0).path("text").asString();
  }

  private static boolean cached(JsonNode result) {
    return result.path("_meta").path(CACHED).asBoolean(false);
  }

  /** Calls until the result is cached, which happens shortly after the end of a job. */
  private static JsonNode untilCached(int process, String tool, String text) {
    await().atMost(LIMIT).until(() -> cached(call(process, tool, text)));
    return call(process, tool, text);
  }

  private static Intake intake() {
    return replicas.bean(0, Intake.class);
  }

  private static Answer rest(int process, String method, String path, String body) {
    McpHttp.Builder request = replicas.get(process).at(path).raw(body).method(method);
    return (body.isEmpty() ? request.header("Content-Type", null) : request).send();
  }

  private static JsonNode submit(String tool, String text, String more) {
    String body =
        "{\"method\":\"tools/call\",\"params\":{\"name\":\"%s\",\"arguments\":%s}%s}"
            .formatted(tool, arguments(text), more);
    Answer answer = rest(0, "POST", "/api/v1/jobs", body);
    assertThat(answer.status()).as(answer.text).isEqualTo(202);
    return answer.json();
  }

  private static JsonNode ended(String id) {
    return rest(0, "GET", "/api/v1/jobs/" + id + "?wait_seconds=60", "").json();
  }

  private static long shared() {
    return replicas.bean(0, ResultCache.class).statistics().count(Event.SHARED, Kind.TOOL)
        + replicas.bean(1, ResultCache.class).statistics().count(Event.SHARED, Kind.TOOL);
  }

  private static <T> CompletableFuture<T> later(Supplier<T> work) {
    var end = new CompletableFuture<T>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            end.complete(work.get());
          } catch (RuntimeException | Error e) {
            end.completeExceptionally(e);
          }
        });
    return end;
  }

  @ParameterizedTest
  @ValueSource(strings = {"queued", "at_once", "shared"})
  void theSameCallIsAnsweredFromTheCacheInEveryProcessAndOnEveryRevision(String tool) {
    JsonNode first = call(0, tool, "same");
    assertThat(text(first)).isEqualTo("run 1 of same");
    assertThat(first.path("_meta").has(CACHED)).isFalse();
    int jobs = intake().list(Caller.LOCAL, null, tool, null, 100).jobs().size();

    for (int process : List.of(0, 1, 1)) {
      JsonNode again = untilCached(process, tool, "same");
      assertThat(text(again)).isEqualTo("run 1 of same");
      assertThat(cached(again)).isTrue();
      assertThat(again.path("_meta").path("dev.longhaul/cache_age_seconds").asDouble(-1))
          .isGreaterThanOrEqualTo(0);
      assertThat(again.path("resultType").asString()).isEqualTo("complete");
    }
    String session = replicas.get(1).initialize("2025-06-18", "tester");
    JsonNode legacy =
        replicas
            .get(1)
            .legacy(session, "tools/call", McpHttp.callParams(tool, "{ \"text\" : \"same\" }"))
            .send()
            .result();
    assertThat(text(legacy)).isEqualTo("run 1 of same");
    assertThat(cached(legacy)).isTrue();
    assertThat(intake().list(Caller.LOCAL, null, tool, null, 100).jobs()).hasSize(jobs);
    assertThat(text(call(0, tool, "other"))).isEqualTo("run 1 of other");
  }

  @BeforeEach
  void reset() {
    CachingTools.reset();
  }

  @Test
  void aClientWithTasksGetsAKeptAnswerAtOnce() {
    untilCached(0, "queued", "task");
    ObjectNode params = McpHttp.declaringTasks(McpHttp.callParams("queued", arguments("task")));
    JsonNode result = replicas.get(1).modern("tools/call", params).send().result();
    assertThat(result.path("resultType").asString()).isEqualTo("complete");
    assertThat(cached(result)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain same",
        "queued fickle",
        "at_once fickle",
        "at_once broken",
        "fails x",
        "fails_inline x"
      })
  void whatMayNotBeKeptIsMadeAgain(String what) {
    List<String> call = List.of(what.split(" ", -1));
    JsonNode first = call(0, call.get(0), call.get(1));
    JsonNode second = call(0, call.get(0), call.get(1));
    assertThat(text(first)).contains("run 1 of");
    assertThat(text(second)).contains("run 2 of");
    assertThat(cached(second)).isFalse();
  }

  @Test
  void anAnswerThatAClientHelpedToMakeIsNotKept() {
    assertThat(asked()).startsWith("booked 2 by ").isNotEqualTo(asked());
  }

  private static String asked() {
    JsonNode questions = asks(McpHttp.callParams("asks", "{}"));
    assertThat(questions.path("resultType").asString()).isEqualTo("input_required");
    String key = questions.path("inputRequests").propertyNames().iterator().next();
    ObjectNode second = McpHttp.callParams("asks", "{}");
    second
        .putObject("inputResponses")
        .set(key, Json.tree("{\"action\":\"accept\",\"content\":{\"seats\":2}}"));
    second.set("requestState", questions.path("requestState"));
    return text(asks(second));
  }

  private static JsonNode asks(ObjectNode params) {
    params
        .putObject("_meta")
        .set(McpHttp.P + "clientCapabilities", Json.object("{\"elicitation\":{}}"));
    return replicas.get(0).modern("tools/call", params).send().result();
  }

  @Test
  void equalCallsAtTheSameTimeAreOneJobOverAllProcesses() throws Exception {
    long before = shared();
    var first = later(() -> call(0, "waits", "job"));
    await().atMost(LIMIT).until(() -> CachingTools.runs("waits", "job") == 1);
    // A disconnect in the other process must not cancel the job.
    JobId running =
        intake().list(Caller.LOCAL, "running", "waits", null, 100).jobs().getFirst().id();
    replicas.bean(1, Intake.class).abandon(Caller.LOCAL, running);
    var second = later(() -> call(1, "waits", "job"));
    await().atMost(LIMIT).until(() -> shared() == before + 1);
    List<Job> jobs = intake().list(Caller.LOCAL, "running", "waits", null, 100).jobs();
    assertThat(jobs).hasSize(1);
    // A submission over REST joins the same job.
    JsonNode third = submit("waits", "job", "");
    assertThat(third.path("id").asString()).isEqualTo(jobs.getFirst().id().value());

    CachingTools.go(1);
    assertThat(text(first.get(60, TimeUnit.SECONDS))).isEqualTo("run 1 of job");
    assertThat(text(second.get(60, TimeUnit.SECONDS))).isEqualTo("run 1 of job");
    assertThat(text(call(1, "waits", "job"))).isEqualTo("run 1 of job");
    assertThat(CachingTools.runs("waits", "job")).isEqualTo(1);
  }

  @Test
  void equalInlineCallsAtTheSameTimeAreOneRunInAProcess() throws Exception {
    long before = shared();
    var first = later(() -> call(0, "waits_inline", "run"));
    await().atMost(LIMIT).until(() -> CachingTools.runs("waits_inline", "run") == 1);
    var second = later(() -> call(0, "waits_inline", "run"));
    await().atMost(LIMIT).until(() -> shared() == before + 1);
    CachingTools.go(1);
    assertThat(text(first.get(60, TimeUnit.SECONDS))).isEqualTo("run 1 of run");
    assertThat(text(second.get(60, TimeUnit.SECONDS))).isEqualTo("run 1 of run");
    assertThat(cached(call(1, "waits_inline", "run"))).isTrue();
  }

  @Test
  void aCancelledJobIsNoAnswerAndIsNotJoined() {
    String id = submit("waits", "cancelled", "").path("id").asString();
    await().atMost(LIMIT).until(() -> CachingTools.runs("waits", "cancelled") == 1);
    rest(1, "POST", "/api/v1/jobs/" + id + "/cancel", "{}");
    String next = submit("waits", "cancelled", "").path("id").asString();
    assertThat(next).isNotEqualTo(id);
    CachingTools.go(2); // the cancelled tool may use one permit before it is interrupted
    assertThat(ended(next).path("state").asString()).isEqualTo("completed");
  }

  @Test
  void anEndedJobIsJoinedNoLongerThanItsResultMayBeUsedThoughItsWorkerDiedBeforeItCachedIt() {
    String first = submit("brief", "crashed", "").path("id").asString();
    await().atMost(LIMIT).until(() -> CachingTools.runs("brief", "crashed") == 1);
    var redis = replicas.bean(0, RedisConnections.class);
    String job = redis.run(on -> on.keys("*:j:" + first)).getFirst();
    String payload = redis.run(on -> on.hget(job, "p")); // h, headers, line break, params
    String headers = payload.substring(1, payload.indexOf('\n'));
    CacheRun run = Objects.requireNonNull(JobHeaders.read(headers).run());
    String key = redis.run(on -> on.keys("*:ca:" + run.key().call())).getFirst();
    String field = "f:" + run.flight();
    String mark = redis.run(on -> on.hget(key, field));
    CachingTools.go(1);
    await().atMost(LIMIT).until(() -> !redis.run(on -> on.hexists(key, field)));
    assertThat(ended(first).path("state").asString()).isEqualTo("completed");
    redis.run(on -> on.hset(key, field, mark)); // as if its worker had died before

    assertThat(submit("brief", "crashed", "").path("id").asString()).isNotEqualTo(first);
    CachingTools.go(1);
  }

  @Test
  void overRestAKeptAnswerIsTheJobThatMadeIt() {
    String first = submit("queued", "rest", "").path("id").asString();
    assertThat(ended(first).path("state").asString()).isEqualTo("completed");
    JsonNode again = submit("queued", "rest", "");
    assertThat(again.path("id").asString()).isEqualTo(first);
    assertThat(again.path("state").asString()).isEqualTo("completed");
    assertThat(rest(1, "GET", "/api/v1/jobs/" + first + "/result", "").text)
        .contains("run 1 of rest");
    assertThat(text(untilCached(1, "queued", "rest"))).isEqualTo("run 1 of rest");

    for (String more :
        List.of(
            ",\"no_cache\":true",
            ",\"idempotency_key\":\"k1\"",
            ",\"delay_seconds\":0.01",
            ",\"metadata\":{\"ticket\":\"1\"}")) {
      assertThat(submit("queued", "rest", more).path("id").asString()).as(more).isNotEqualTo(first);
    }
    JsonNode held = submit("queued", "rest", ",\"held\":true");
    assertThat(held.path("state").asString()).isEqualTo("held");
  }

  @Test
  void whatIsMadeAnewTakesThePlaceOfWhatWasKept() {
    call(0, "queued", "anew");
    ObjectNode params = McpHttp.callParams("queued", arguments("anew"));
    params.putObject("_meta").put("dev.longhaul/no_cache", true);
    assertThat(text(replicas.get(0).modern("tools/call", params).send().result()))
        .isEqualTo("run 2 of anew");
    await().atMost(LIMIT).until(() -> text(call(0, "queued", "anew")).equals("run 2 of anew"));
    ObjectNode repeated = McpHttp.callParams("queued", arguments("anew"));
    repeated.putObject("_meta").put("dev.longhaul/repeat", "new");
    assertThat(text(replicas.get(0).modern("tools/call", repeated).send().result()))
        .isEqualTo("run 3 of anew");
    ObjectNode wrong = McpHttp.callParams("queued", arguments("anew"));
    wrong.putObject("_meta").put("dev.longhaul/no_cache", "yes");
    Answer refused = replicas.get(0).modern("tools/call", wrong).send();
    assertThat(refused.code()).isEqualTo(-32602);
    assertThat(refused.text).contains("no_cache").contains("must be true or false");
  }

  @Test
  void anotherCallerGetsOnlyWhatIsEverybodys() {
    untilCached(0, "queued", "mine");
    untilCached(0, "shared", "ours");
    Caller anna = new Caller("anna");
    assertThat(intake().cached(submission(Caller.LOCAL, "queued", "mine"))).isPresent();
    assertThat(intake().cached(submission(anna, "queued", "mine"))).isEmpty();
    assertThat(intake().cached(submission(anna, "shared", "ours"))).isPresent();
    // As a job, the result belongs to her.
    Job job = intake().submit(submission(anna, "shared", "ours"));
    assertThat(job.owner()).isEqualTo("anna");
    assertThat(intake().job(anna, job.id()).id()).isEqualTo(job.id());
  }

  private static Submission submission(Caller caller, String tool, String text) {
    return Submission.toolCall(caller, McpHttp.callParams(tool, arguments(text)));
  }

  @Test
  void aToolIsForgottenInAllProcesses() {
    untilCached(0, "queued", "gone");
    untilCached(1, "queued", "gone");
    call(0, "at_once", "stays");
    assertThat(rest(0, "DELETE", "/api/v1/cache/tools/queued", "").status()).isEqualTo(204);
    assertThat(text(call(0, "queued", "gone"))).isEqualTo("run 2 of gone");
    await().atMost(LIMIT).until(() -> text(call(1, "queued", "gone")).equals("run 2 of gone"));
    assertThat(cached(call(1, "at_once", "stays"))).isTrue();

    Answer unknown = rest(0, "DELETE", "/api/v1/cache/tools/queud", "");
    assertThat(unknown.status()).isEqualTo(422);
    assertThat(unknown.text).contains("unknown-tool");
  }

  @Test
  void oneCallIsForgotten() {
    call(0, "at_once", "one");
    call(0, "at_once", "two");
    String path = "/api/v1/cache/tools/at_once/forget";
    assertThat(rest(0, "POST", path, "{\"arguments\":{\"text\":\"one\"}}").status()).isEqualTo(204);
    assertThat(text(call(0, "at_once", "one"))).isEqualTo("run 2 of one");
    assertThat(text(call(0, "at_once", "two"))).isEqualTo("run 1 of two");

    replicas
        .bean(0, ResultCache.class)
        .forgetCall(Caller.LOCAL, "at_once", Json.object(arguments("two")));
    assertThat(text(call(0, "at_once", "two"))).isEqualTo("run 2 of two");
    replicas
        .bean(0, ResultCache.class)
        .forgetCall(new Caller("anna"), "at_once", Json.object(arguments("two")));
    assertThat(cached(call(0, "at_once", "two"))).isTrue();

    for (String body : List.of("{}", "{\"arguments\":[]}", "{\"arguments\":{},\"x\":1}", "[]")) {
      Answer refused = rest(0, "POST", path, body);
      assertThat(refused.status()).as(body).isEqualTo(400);
      assertThat(refused.type()).isEqualTo("application/problem+json");
    }
  }

  @Test
  void aRunThatBeganBeforeItsToolWasForgottenIsNotKept() throws Exception {
    var before = later(() -> call(0, "waits_inline", "old"));
    await().atMost(LIMIT).until(() -> CachingTools.runs("waits_inline", "old") == 1);
    replicas.bean(0, ResultCache.class).forgetTool("waits_inline");
    var after = later(() -> call(0, "waits_inline", "old"));
    await().atMost(LIMIT).until(() -> CachingTools.runs("waits_inline", "old") == 2);
    CachingTools.go(2);
    assertThat(text(before.get(60, TimeUnit.SECONDS))).isEqualTo("run 1 of old");
    assertThat(text(after.get(60, TimeUnit.SECONDS))).isEqualTo("run 2 of old");
    for (int process : List.of(0, 1)) {
      assertThat(text(call(process, "waits_inline", "old"))).isEqualTo("run 2 of old");
    }
  }

  private static JsonNode read(int process, String uri) {
    return replicas
        .get(process)
        .modern("resources/read", Replies.object().put("uri", uri))
        .header("Mcp-Name", uri)
        .send()
        .result();
  }

  private static String content(JsonNode result) {
    return result.path("contents").path(0).path("text").asString();
  }

  @Test
  void resourcesThatARuleNamesAreKept() {
    assertThat(content(read(0, "live://1"))).isEqualTo("run 1 of 1");
    assertThat(content(read(0, "live://1"))).isEqualTo("run 2 of 1");
    assertThat(content(read(0, "report://1"))).isEqualTo("run 1 of 1");
    JsonNode again = read(1, "report://1");
    assertThat(content(again)).isEqualTo("run 1 of 1");
    assertThat(cached(again)).isTrue();
    assertThat(again.path("cacheScope").asString()).isEqualTo("private");

    assertThat(rest(1, "DELETE", "/api/v1/cache/resources?uri=report://1", "").status())
        .isEqualTo(204);
    assertThat(content(read(1, "report://1"))).isEqualTo("run 2 of 1");
    replicas.bean(1, Changes.class).resource("report://1");
    assertThat(content(read(1, "report://1"))).isEqualTo("run 3 of 1");
    // The other process receives the change, too, and invalidates again.
    await().atMost(LIMIT).until(() -> !content(read(0, "report://1")).endsWith("run 2 of 1"));

    Answer refused = rest(1, "DELETE", "/api/v1/cache/resources", "");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.text).contains("uri");
  }

  @Test
  void listsAreKeptUntilTheyChange() {
    for (String list : List.of("resources/list", "resources/templates/list", "prompts/list")) {
      listedUntil(list, Event.MEMORY_HIT);
    }
    replicas.bean(0, Changes.class).resources();
    listedUntil("resources/list", Event.MISS);
    listedUntil("resources/list", Event.MEMORY_HIT);
    assertThat(rest(1, "DELETE", "/api/v1/cache/lists", "").status()).isEqualTo(204);
    listedUntil("resources/list", Event.MISS);
  }

  /** Lists until this event is counted; every response must be the same. */
  private static void listedUntil(String list, Event wanted) {
    var statistics = replicas.bean(0, ResultCache.class).statistics();
    long before = statistics.count(wanted, Kind.LIST);
    String first = replicas.get(0).modern(list, Replies.object()).send().text;
    await()
        .atMost(LIMIT)
        .until(() -> {
          assertThat(replicas.get(0).modern(list, Replies.object()).send().text).isEqualTo(first);
          return statistics.count(wanted, Kind.LIST) > before;
        });
  }

  @Test
  void itSaysWhatItIsGoodFor() {
    call(0, "at_once", "counted");
    call(0, "at_once", "counted");
    JsonNode cache = rest(0, "GET", "/api/v1/cache", "").json();
    assertThat(cache.path("memory").path("max_bytes").asLong()).isEqualTo(10 * 1024 * 1024);
    assertThat(cache.path("memory").path("entries").asLong()).isPositive();
    assertThat(cache.path("memory").path("bytes").asLong()).isPositive();
    assertThat(cache.path("tools").path("memory_hits").asLong()).isPositive();
    assertThat(cache.path("tools").path("misses").asLong()).isPositive();
    assertThat(cache.path("tools").path("hit_rate").asDouble()).isBetween(0.01, 0.99);
    String metrics =
        replicas
            .get(0)
            .at("/actuator/prometheus")
            .raw("")
            .method("GET")
            .header("Accept", "*/*")
            .send()
            .text;
    assertThat(metrics)
        .contains("longhaul_cache_requests_total{kind=\"tool\",level=\"memory\",result=\"hit\"}")
        .contains("longhaul_cache_requests_total{kind=\"resource\",level=\"redis\",result=\"hit\"}")
        .contains("longhaul_cache_memory_size_bytes")
        .contains("longhaul_cache_memory_entries")
        .contains("longhaul_cache_evictions_total");
  }
}
