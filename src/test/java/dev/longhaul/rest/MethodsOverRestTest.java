package dev.longhaul.rest;

import static dev.longhaul.testing.Refused.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulApplication;
import dev.longhaul.events.JobCancelled;
import dev.longhaul.events.JobEvent;
import dev.longhaul.events.JobFailed;
import dev.longhaul.events.JobProcessed;
import dev.longhaul.intake.Caller;
import dev.longhaul.intake.Executed;
import dev.longhaul.intake.JobFailedException;
import dev.longhaul.intake.JobOptions;
import dev.longhaul.intake.Jobs;
import dev.longhaul.intake.JobsFilter;
import dev.longhaul.intake.Refusal;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Priority;
import dev.longhaul.rest.RestClient.Answer;
import dev.longhaul.testing.TestRedis;
import dev.longhaul.tool.JobContext;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.ai.mcp.annotation.McpArg;
import org.springframework.ai.mcp.annotation.McpPrompt;
import org.springframework.ai.mcp.annotation.McpResource;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/** Any method as a job, over REST and from Java, with the events of its end. */
@SpringBootTest(
    classes = {LonghaulApplication.class, MethodsOverRestTest.Beans.class},
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {"longhaul.mcp.page-size=2", "longhaul.mcp.primitive-timeout=45s"})
@DirtiesContext
class MethodsOverRestTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  @LocalServerPort private int port;
  @Autowired private Jobs jobs;
  @Autowired private Served served;
  @Autowired private Ears ears;
  private RestClient rest;

  @DynamicPropertySource
  static void redis(DynamicPropertyRegistry registry) {
    String namespace = TestRedis.namespace();
    registry.add("spring.data.redis.url", TestRedis::url);
    registry.add("longhaul.namespace", () -> namespace);
  }

  record Sum(int value, List<Integer> of) {}

  /** Resources, a prompt, and tools, one of which dispatches jobs. */
  static final class Served {
    private final Jobs jobs;
    private volatile CountDownLatch gate = new CountDownLatch(1);

    Served(Jobs jobs) {
      this.jobs = jobs;
    }

    @McpResource(uri = "test://report", name = "report", mimeType = "text/plain")
    String report() {
      return "seventeen pages for " + JobContext.current().caller();
    }

    @McpResource(uri = "test://row/{id}", name = "row", mimeType = "text/plain")
    String row(String id) {
      return "row " + id;
    }

    @McpResource(uri = "test://third", name = "third")
    String third() {
      return "3";
    }

    @McpResource(uri = "test://fourth", name = "fourth")
    String fourth() {
      return "4";
    }

    @McpPrompt(name = "greeting", description = "Greets.")
    String greeting(@McpArg(name = "who", required = true) String who) {
      return "Hello " + who;
    }

    @McpTool(name = "sum", description = "Adds.", generateOutputSchema = true)
    Sum sum(List<Integer> numbers) {
      return new Sum(numbers.stream().mapToInt(Integer::intValue).sum(), numbers);
    }

    @McpTool(name = "say", description = "Says it.")
    String say(String text) {
      return text;
    }

    @McpTool(name = "fail", description = "Fails.")
    String fail() {
      throw new IllegalStateException("it failed");
    }

    @McpTool(name = "slow", description = "Waits for the test.")
    String slow() throws InterruptedException {
      if (!gate.await(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the test forgot the tool");
      }
      return "done";
    }

    @McpTool(name = "delegate", description = "Has a job do it.")
    String delegate() throws InterruptedException {
      Executed done =
          jobs.execute("resources/read", Map.of("uri", "test://report"), JobOptions.NONE, LIMIT);
      return done.job().owner() + ": " + done.id().value();
    }
  }

  /** Records the end of every job. */
  static final class Ears {
    final Queue<JobEvent> heard = new ConcurrentLinkedQueue<>();

    @EventListener
    void hear(JobEvent event) {
      heard.add(event);
      throw new IllegalStateException("a listener's own fault");
    }

    JobEvent of(JobId id) {
      await().atMost(LIMIT).until(() -> heard.stream().anyMatch(e -> e.job().id().equals(id)));
      List<JobEvent> its = heard.stream().filter(e -> e.job().id().equals(id)).toList();
      assertThat(its).hasSize(1);
      return its.getFirst();
    }
  }

  @TestConfiguration(proxyBeanMethods = false)
  static class Beans {
    @Bean
    Served served(Jobs jobs) {
      return new Served(jobs);
    }

    @Bean
    Ears ears() {
      return new Ears();
    }
  }

  @BeforeEach
  void connect() {
    rest = new RestClient(port);
    served.gate = new CountDownLatch(1);
  }

  private Answer submit(String body) {
    return rest.post("/api/v1/jobs", body);
  }

  private JsonNode ended(String body) {
    Answer accepted = submit(body);
    assertThat(accepted.status()).as(accepted.response().body()).isEqualTo(202);
    JsonNode job = rest.get(accepted.header("Location") + "?wait_seconds=60").json();
    assertThat(job.path("finished_at").isNull()).isFalse();
    return job;
  }

  private JsonNode result(JsonNode job) {
    return rest.get(job.path("links").path("result").asString()).json();
  }

  @Test
  void aResourceIsReadAsAJobWithAllThatAJobHas() {
    JsonNode job =
        ended(
            """
            {"method": "resources/read", "params": {"uri": "test://report"}, "priority": "high",
             "metadata": {"ticket": "4711"}, "max_attempts": 2, "idempotency_key": "report-1"}
            """);
    assertThat(job.path("state").asString()).isEqualTo("completed");
    assertThat(job.path("method").asString()).isEqualTo("resources/read");
    assertThat(job.path("tool").isNull()).isTrue();
    assertThat(job.path("queue").asString()).isEqualTo("default");
    assertThat(job.path("priority").asString()).isEqualTo("high");
    assertThat(job.path("max_attempts").asInt()).isEqualTo(2);
    assertThat(job.path("metadata").path("ticket").asString()).isEqualTo("4711");
    assertThat(result(job).at("/contents/0/text").asString())
        .isEqualTo("seventeen pages for local");

    Answer again =
        submit(
            """
            {"method": "resources/read", "params": {"uri": "test://report"},
             "idempotency_key": "report-1"}
            """);
    assertThat(again.json().path("id")).isEqualTo(job.path("id"));
    Answer other =
        submit(
            """
            {"method": "resources/read", "params": {"uri": "test://third"},
             "idempotency_key": "report-1"}
            """);
    assertThat(other.status()).isEqualTo(409);

    JsonNode listed = rest.get("/api/v1/jobs?method=resources/read&limit=500").json().path("jobs");
    assertThat(listed.valueStream().map(each -> each.path("id"))).contains(job.path("id"));
    assertThat(listed.valueStream().map(each -> each.path("method").asString()))
        .containsOnly("resources/read");
    assertThat(rest.get("/api/v1/jobs?method=nonsense").json().path("jobs")).isEmpty();
  }

  @Test
  void listsArePagedByCursorPromptsAreMadeAndHeldJobsWait() {
    JsonNode first = result(ended("{\"method\":\"resources/list\",\"params\":{}}"));
    assertThat(first.path("resources")).hasSize(2);
    JsonNode second =
        result(
            ended(
                "{\"method\":\"resources/list\",\"params\":{\"cursor\":\"%s\"}}"
                    .formatted(first.path("nextCursor").asString())));
    assertThat(second.path("resources")).hasSize(1);
    assertThat(second.has("nextCursor")).isFalse();
    assertThat(
            result(ended("{\"method\":\"resources/templates/list\",\"params\":{}}"))
                .at("/resourceTemplates/0/uriTemplate")
                .asString())
        .isEqualTo("test://row/{id}");
    assertThat(result(ended("{\"method\":\"tools/list\",\"params\":{}}")).path("tools").size())
        .isEqualTo(2);
    assertThat(
            result(
                    ended(
                        """
                        {"method": "prompts/get",
                         "params": {"name": "greeting", "arguments": {"who": "Ada"}}}
                        """))
                .at("/messages/0/content/text")
                .asString())
        .isEqualTo("Hello Ada");

    Answer held =
        submit(
            "{\"method\":\"resources/read\",\"params\":{\"uri\":\"test://row/7\"},\"held\":true}");
    String self = held.header("Location");
    assertThat(held.json().path("state").asString()).isEqualTo("held");
    rest.post(self + "/start", "");
    assertThat(rest.get(self + "?wait_seconds=60").json().path("state").asString())
        .isEqualTo("completed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'method':'resources/reed','params':{}}|400|Did you mean resources/read",
        "{'method':'initialize','params':{}}|400|These can: tools/call, resources/read",
        "{'method':'tasks/get','params':{}}|400|cannot be run as a job",
        "{'method':'logging/setLevel','params':{}}|400|cannot be run as a job",
        "{'method':'resources/read','params':{}}|422|/params/uri",
        "{'method':'resources/read','params':{'uri':'test://a/../b'}}|422|/params/uri",
        "{'method':'resources/read','params':{'uri':'test://nothing'}}|422|There is no resource at",
        "{'method':'prompts/get','params':{'name':'nothing'}}|422|/params/name",
        "{'method':'prompts/get','params':{'name':'greeting'}}|422|needs the arguments who",
        "{'method':'prompts/get','params':{'name':'greeting','arguments':{'who':1}}}|422|/params/arguments",
        "{'method':'completion/complete','params':{'ref':{}}}|422|/params/ref/type",
        "{'method':'resources/list','params':{'cursor':'x'}}|422|/params/cursor",
        "{'method':'resources/list','params':{},'concurrency':2}|400|limits calls of a tool",
        "{'method':'resources/list','params':{},'rate':'1/s'}|400|/rate",
        "{'method':'resources/list'}|400|/params",
        "{'tool':'sum','method':'tools/call'}|400|give tool and arguments, or method and params",
        "{'tool':'sum','params':{}}|400|/params",
        "{'tool':7}|400|must be the name of a tool",
        "{'tool':'sum','arguments':[1]}|400|/arguments",
        "{'arguments':{}}|400|/method",
        "{'tool':'nothing'}|422|Unknown tool: nothing. GET /api/v1/tools lists",
        "{'tool':'sum','arguments':{'numbers':'x'}}|422|`\"path\":\"/arguments/numbers\"`",
        "{'method':'tools/call','params':{'name':'sum','arguments':{'numbers':'x'}}}|422|/params/arguments/numbers",
      })
  void whatCannotBeDispatchedIsRefusedByItsPlace(String body, int status, String says) {
    Answer refused = submit(body.replace('\'', '"'));
    assertThat(refused.status()).as(refused.response().body()).isEqualTo(status);
    assertThat(refused.response().body()).contains(says);
  }

  @Test
  void aToolIsCalledInTheShortForm() {
    JsonNode job = ended("{\"tool\":\"sum\",\"arguments\":{\"numbers\":[1,2,3]}}");
    assertThat(job.path("tool").asString()).isEqualTo("sum");
    assertThat(result(job).at("/structuredContent/value").asInt()).isEqualTo(6);
  }

  @Test
  void stepsOfAChainMayBeAnyMethodAndUseEachOthersResults() {
    Answer chain =
        rest.post(
            "/api/v1/chains",
            """
            {"steps": [
              {"tool": "say", "arguments": {"text": "12"}},
              {"method": "resources/read", "params": {"uri": "test://row/{{RESULT_FROM_PREVIOUS}}"}},
              {"method": "prompts/get",
               "params": {"name": "greeting", "arguments": {"who": "{{previous#/contents/0/text}}"}}},
              {"tool": "say", "arguments": {"text": "{{previous#/messages/0/content/text}}!"}}]}
            """);
    assertThat(chain.status()).as(chain.response().body()).isEqualTo(202);
    String self = chain.header("Location");
    await()
        .atMost(LIMIT)
        .until(() -> !rest.get(self).json().path("state").asString().equals("running"));
    JsonNode done = rest.get(self).json();
    assertThat(done.path("state").asString()).as(done.toString()).isEqualTo("completed");
    assertThat(done.toString()).contains("Hello row 12!");

    Answer batch =
        rest.post(
            "/api/v1/batches",
            """
            {"jobs": [{"method": "resources/read", "params": {"uri": "test://nothing"}},
                      {"method": "ping", "params": {}}]}
            """);
    assertThat(batch.status()).isEqualTo(422);
    assertThat(batch.response().body()).contains("/jobs/0/params/uri", "/jobs/1/method");

    Answer broken =
        rest.post(
            "/api/v1/chains",
            """
            {"steps": [{"tool": "say", "arguments": {"text": ".."}},
                       {"method": "resources/read", "params": {"uri": "test://{{previous}}/x"}}]}
            """);
    String failing = broken.header("Location");
    await()
        .atMost(LIMIT)
        .until(() -> rest.get(failing).json().path("state").asString().equals("failed"));
    String step = rest.get(failing).json().at("/steps/1/id").asString();
    assertThat(rest.get("/api/v1/jobs/" + step).json().at("/error/code").asString())
        .isEqualTo("TEMPLATE_ERROR");
  }

  @Test
  void aClientOfMcpCanFollowAJobThatCallsNoTool() {
    JsonNode job = ended("{\"method\":\"resources/read\",\"params\":{\"uri\":\"test://third\"}}");
    String id = job.path("id").asString();
    JsonNode shown = mcp("get_operation", id);
    assertThat(shown.at("/structuredContent/status").asString()).isEqualTo("completed");
    assertThat(shown.at("/structuredContent/method").asString()).isEqualTo("resources/read");
    JsonNode continued = mcp("continue_operation", id);
    assertThat(continued.at("/content/0/type").asString()).isEqualTo("text");
    assertThat(continued.at("/content/0/text").asString()).contains("test://third");
    assertThat(continued.at("/structuredContent/contents/0/text").asString()).isEqualTo("3");
  }

  private JsonNode mcp(String tool, String id) {
    String body =
        """
        {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "%s",
         "arguments": {"operation_id": "%s"}, "_meta": {
         "io.modelcontextprotocol/protocolVersion": "2026-07-28",
         "io.modelcontextprotocol/clientCapabilities": {}}}}
        """
            .formatted(tool, id);
    Answer answer =
        rest.send(
            rest.request("/mcp")
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .header("MCP-Protocol-Version", "2026-07-28")
                .header("Mcp-Method", "tools/call")
                .header("Mcp-Name", tool)
                .POST(BodyPublishers.ofString(body)));
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    return answer.json().path("result");
  }

  @Test
  void fromABeanJobsAreTheApplicationsAndTheirResultsAreObjects() throws Exception {
    Job read = jobs.dispatch("resources/read", Map.of("uri", "test://report"));
    assertThat(read.owner()).isEqualTo("application");
    assertThat(jobs.await(read.id(), LIMIT).state()).isEqualTo(JobState.COMPLETED);
    assertThat(jobs.result(read.id(), JsonNode.class).at("/contents/0/text").asString())
        .isEqualTo("seventeen pages for application");
    assertThat(jobs.result(read.id())).isInstanceOf(Outcome.Answered.class);

    Job sum =
        jobs.call(
            "sum",
            Map.of("numbers", List.of(1, 2)),
            JobOptions.builder().priority(Priority.HIGH).metadata(Map.of("a", "b")).build());
    assertThat(sum.priority()).isEqualTo(Priority.HIGH);
    var _ = jobs.await(sum.id(), LIMIT);
    assertThat(jobs.result(sum.id(), Sum.class)).isEqualTo(new Sum(3, List.of(1, 2)));
    assertThat(jobs.result(sum.id(), new TypeReference<Map<String, Object>>() {}))
        .containsEntry("value", 3);
    assertThatThrownBy(() -> jobs.result(sum.id(), Integer.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.lang.Integer");

    Job number = jobs.call("say", Map.of("text", "0012"));
    var _ = jobs.await(number.id(), LIMIT);
    assertThat(jobs.result(number.id(), String.class)).contains("0012");
    Job plain = jobs.call("say", Map.of("text", "12"));
    var _ = jobs.await(plain.id(), LIMIT);

    assertThat(jobs.list(JobsFilter.ALL.ofMethod("resources/read")).jobs())
        .extracting(Job::id)
        .contains(read.id())
        .doesNotContain(sum.id());
    assertThat(jobs.list(JobsFilter.ALL.ofTool("sum").in(JobState.COMPLETED)).jobs())
        .extracting(Job::id)
        .contains(sum.id());
    JobsFilter one = JobsFilter.ALL.limit(1);
    var page = jobs.list(one);
    assertThat(page.jobs()).hasSize(1);
    assertThat(jobs.list(one.after(page.nextCursor())).jobs().getFirst().id())
        .isNotEqualTo(page.jobs().getFirst().id());

    assertThat(rest.get("/api/v1/jobs/" + read.id()).status()).isEqualTo(404);
    assertThatThrownBy(() -> jobs.as(new Caller("somebody")).status(read.id()))
        .satisfies(refused(Refusal.UnknownJob.class));
    Jobs mine = jobs.as(Caller.LOCAL);
    Job local = mine.call("say", Map.of("text", "x"));
    assertThat(rest.get("/api/v1/jobs/" + local.id()).status()).isEqualTo(200);
  }

  @Test
  void executeGivesTheResultOrAHandleAndFailuresSayWhy() throws Exception {
    Executed done =
        jobs.execute(
            "tools/call",
            Map.of("name", "sum", "arguments", Map.of("numbers", List.of(4))),
            JobOptions.NONE,
            LIMIT);
    assertThat(done)
        .isInstanceOfSatisfying(
            Executed.Finished.class,
            finished -> assertThat(finished.as(Sum.class)).isEqualTo(new Sum(4, List.of(4))));

    Executed goesOn =
        jobs.execute("tools/call", Map.of("name", "slow"), JobOptions.NONE, Duration.ZERO);
    assertThat(goesOn).isInstanceOf(Executed.Pending.class);
    assertThatThrownBy(() -> jobs.result(goesOn.id()))
        .satisfies(refused(Refusal.NotFinished.class));
    assertThat(jobs.cancel(goesOn.id()).state()).isEqualTo(JobState.CANCELLED);
    assertThatThrownBy(() -> jobs.cancel(goesOn.id()))
        .satisfies(refused(Refusal.AlreadyFinished.class));
    assertThatThrownBy(() -> jobs.result(goesOn.id(), String.class))
        .isInstanceOfSatisfying(
            JobFailedException.class,
            e -> assertThat(e.error().code()).isEqualTo(JobError.CANCELLED));

    Job failing = jobs.call("fail", Map.of());
    var _ = jobs.await(failing.id(), LIMIT);
    assertThatThrownBy(() -> jobs.result(failing.id(), String.class))
        .isInstanceOfSatisfying(
            JobFailedException.class,
            e -> {
              assertThat(e.error().code()).isEqualTo(JobError.TOOL_FAILED);
              assertThat(e.error().remediation()).isNotEmpty();
              assertThat(e.state()).isEqualTo(JobState.DEAD);
              assertThat(e).hasMessageContaining("it failed");
            });

    assertThatThrownBy(() -> jobs.dispatch("resources/read", Map.of("uri", 5)))
        .satisfies(
            refused(
                Refusal.InvalidParams.class,
                e -> assertThat(e.violations().getFirst().path()).isEqualTo("/uri")));
    assertThatThrownBy(() -> jobs.dispatch("ping", Map.of()))
        .satisfies(refused(Refusal.UnsupportedMethod.class));
    assertThatThrownBy(() -> jobs.dispatch("resources/list", List.of()))
        .satisfies(refused(Refusal.BadRequest.class))
        .hasMessageContaining("params must be");
    assertThatThrownBy(() -> new JobsFilter(null, null, null, null, 0))
        .hasMessageContaining("1 to 500");
  }

  @Test
  void withinAToolJobsAreItsCallers() {
    JsonNode job = ended("{\"tool\":\"delegate\"}");
    String said = result(job).at("/content/0/text").asString();
    assertThat(said).contains("local: ");
    String id = said.replaceAll(".*local: ", "").replaceAll("\"", "");
    assertThat(rest.get("/api/v1/jobs/" + id).json().path("state").asString())
        .isEqualTo("completed");
  }

  @Test
  void everyEndIsToldOnceAndAListenerThatThrowsHarmsNothing() throws Exception {
    Job fine = jobs.call("say", Map.of("text", "x"));
    Job bad = jobs.call("fail", Map.of());
    Job slow = jobs.call("slow", Map.of());
    Job held =
        jobs.dispatch(
            "resources/read",
            Map.of("uri", "test://third"),
            JobOptions.builder().held(true).build());
    var _ = jobs.await(fine.id(), LIMIT);
    var _ = jobs.await(bad.id(), LIMIT);
    var _ = jobs.cancel(slow.id());
    var _ = jobs.cancel(held.id());

    assertThat(ears.of(fine.id()))
        .isInstanceOfSatisfying(
            JobProcessed.class,
            event -> {
              assertThat(event.job().tool()).isEqualTo("say");
              assertThat(event.outcome().isError()).isFalse();
              assertThat(event.ran()).isPresent();
            });
    assertThat(ears.of(bad.id()))
        .isInstanceOfSatisfying(
            JobFailed.class,
            event -> assertThat(event.outcome()).isInstanceOf(Outcome.GivenUp.class));
    assertThat(ears.of(slow.id())).isInstanceOf(JobCancelled.class);
    assertThat(ears.of(held.id()))
        .isInstanceOfSatisfying(
            JobCancelled.class,
            event -> {
              assertThat(event.job().tool()).isNull();
              assertThat(event.job().method()).isEqualTo("resources/read");
            });
    List<Job> after =
        IntStream.range(0, 5)
            .mapToObj(i -> jobs.call("say", Map.of("text", "after " + i)))
            .toList();
    for (Job job : after) {
      assertThat(jobs.await(job.id(), LIMIT).state()).isEqualTo(JobState.COMPLETED);
    }
  }
}
