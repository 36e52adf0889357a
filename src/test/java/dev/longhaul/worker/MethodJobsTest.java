package dev.longhaul.worker;

import static dev.longhaul.worker.WorkerFixture.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.catalog.Completion;
import dev.longhaul.catalog.PrimitiveHandler;
import dev.longhaul.catalog.Prompt;
import dev.longhaul.catalog.RegisteredPrimitives;
import dev.longhaul.catalog.Resource;
import dev.longhaul.catalog.ResourceTemplate;
import dev.longhaul.catalog.UriTemplate;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Priority;
import dev.longhaul.job.RetryPolicy;
import dev.longhaul.testing.Tools;
import dev.longhaul.tool.JobContext;
import dev.longhaul.tool.ResourceNotFoundException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Jobs of methods that call no tool, run by real workers. */
class MethodJobsTest {
  private static final RetryPolicy SOON = new RetryPolicy(3, List.of(Duration.ofMillis(10)), true);

  private final WorkerFixture fixture = new WorkerFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private static RegisteredPrimitives resource(String uri, PrimitiveHandler handler) {
    var primitives = new RegisteredPrimitives();
    primitives.register(new Resource(named(uri).put("uri", uri), handler));
    return primitives;
  }

  private static ObjectNode named(String name) {
    return Tools.object("{}").put("name", name);
  }

  private static ObjectNode contents(String uri, String text) {
    ObjectNode result = Tools.object("{}");
    result.putArray("contents").addObject().put("uri", uri).put("text", text);
    return result;
  }

  private JobId enqueue(String method, String params) {
    return fixture
        .jobs
        .enqueue(
            List.of(
                new JobRequest(
                    method,
                    null,
                    params,
                    "local",
                    "default",
                    Priority.DEFAULT,
                    Duration.ZERO,
                    false,
                    LIMIT,
                    Duration.ofMinutes(30),
                    SOON,
                    Map.of())))
        .getFirst();
  }

  private JsonNode answered(JobId id) {
    assertThat(fixture.outcome(id)).isInstanceOf(Outcome.Answered.class);
    return Tools.JSON.readTree(((Outcome.Answered) fixture.outcome(id)).json());
  }

  @Test
  void everyMethodRunsAndItsResultIsTheJobs() {
    RegisteredPrimitives primitives =
        resource(
            "test://a",
            call -> {
              JobContext.current().progress(0.5, "half");
              return contents(
                  call.params().path("uri").asString(), call.meta().path("mark").asString("none"));
            });
    primitives.register(
        new Prompt(
            named("greeting"),
            call -> {
              ObjectNode result = Tools.object("{}");
              result
                  .putArray("messages")
                  .addObject()
                  .put("text", call.params().path("arguments").path("who").asString());
              return result;
            }));
    primitives.register(
        new Completion(
            new Completion.Reference(Completion.Kind.PROMPT, "greeting"),
            _ -> Tools.object("{\"completion\":{\"values\":[\"Zoë\"]}}")));
    fixture.start(primitives);

    assertThat(
            answered(
                    enqueue(
                        "resources/read", "{\"uri\":\"test://a\",\"_meta\":{\"mark\":\"mine\"}}"))
                .at("/contents/0/text")
                .asString())
        .isEqualTo("mine");
    assertThat(
            answered(
                    enqueue(
                        "prompts/get", "{\"name\":\"greeting\",\"arguments\":{\"who\":\"Ada\"}}"))
                .at("/messages/0/text")
                .asString())
        .isEqualTo("Ada");
    assertThat(
            answered(
                    enqueue(
                        "completion/complete",
                        "{\"ref\":{\"type\":\"ref/prompt\",\"name\":\"greeting\"},"
                            + "\"argument\":{\"name\":\"who\",\"value\":\"Z\"}}"))
                .toString())
        .isEqualTo("{\"completion\":{\"values\":[\"Zoë\"],\"total\":1,\"hasMore\":false}}");
    assertThat(answered(enqueue("resources/list", "{}")).at("/resources/0/uri").asString())
        .isEqualTo("test://a");
    assertThat(answered(enqueue("prompts/list", "{}")).at("/prompts/0/name").asString())
        .isEqualTo("greeting");
    assertThat(answered(enqueue("resources/templates/list", "{}")).path("resourceTemplates"))
        .isEmpty();
    assertThat(answered(enqueue("tools/list", "{}")).path("tools").isArray()).isTrue();
  }

  @Test
  void whatThisWorkerDoesNotServeIsLeftToAnotherOne() {
    CountDownLatch asked = new CountDownLatch(1);
    fixture.start(
        resource("test://here", call -> contents("test://here", "here")),
        new JobListener() {
          @Override
          public void started(dev.longhaul.queue.Claim claim) {
            asked.countDown();
          }
        });
    JobId elsewhere = enqueue("resources/read", "{\"uri\":\"test://elsewhere\"}");
    JobId here = enqueue("resources/read", "{\"uri\":\"test://here\"}");
    WorkerFixture.waitFor(asked);
    fixture.waitFor(here, JobState.COMPLETED);
    // Given back without an attempt, with a delay in which another worker can claim it.
    fixture.waitFor(elsewhere, JobState.SCHEDULED);
    assertThat(fixture.job(elsewhere).attempt()).isZero();

    fixture.startOther(resource("test://elsewhere", call -> contents("test://elsewhere", "there")));
    assertThat(answered(elsewhere).at("/contents/0/text").asString()).isEqualTo("there");
  }

  @Test
  void aTemplatesMissingResourceIsRefusedAndWhatThrowsIsTriedAgain() {
    AtomicInteger tries = new AtomicInteger();
    RegisteredPrimitives primitives =
        resource(
            "test://shaky",
            _ -> {
              if (tries.incrementAndGet() < 3) {
                throw new IllegalStateException("not yet");
              }
              return contents("test://shaky", "at last");
            });
    primitives.register(
        new ResourceTemplate(
            named("row").put("uriTemplate", "test://row/{id}"),
            UriTemplate.of("test://row/{id}"),
            _ -> {
              throw new ResourceNotFoundException("There is no such row.");
            }));
    fixture.start(primitives);

    JobId missing = enqueue("resources/read", "{\"uri\":\"test://row/404\"}");
    assertThat(fixture.outcome(missing))
        .isEqualTo(
            new Outcome.Refused(
                ResourceNotFoundException.CODE,
                "There is no such row.",
                "{\"uri\":\"test://row/404\"}"));
    assertThat(fixture.job(missing).state()).isEqualTo(JobState.FAILED);

    JobId shaky = enqueue("resources/read", "{\"uri\":\"test://shaky\"}");
    assertThat(answered(shaky).at("/contents/0/text").asString()).isEqualTo("at last");
    assertThat(fixture.job(shaky).attempt()).isEqualTo(3);
  }

  @Test
  void aCursorThatIsNoneIsRefusedAndParamsThatAreNoneAreToo() {
    fixture.start(new RegisteredPrimitives());
    assertThat(fixture.outcome(enqueue("resources/list", "{\"cursor\":\"nonsense\"}")))
        .isInstanceOfSatisfying(
            Outcome.Refused.class, refused -> assertThat(refused.code()).isEqualTo(-32602));
    assertThat(fixture.outcome(enqueue("completion/complete", "{\"ref\":5}")))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.message()).contains("params.ref.type"));
  }

  @Test
  void aReadThatIsCancelledIsToldSo() {
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    fixture.start(
        resource(
            "test://slow",
            _ -> {
              reading.countDown();
              try {
                new CountDownLatch(1).await();
              } finally {
                stopped.countDown();
              }
              return contents("test://slow", "never");
            }));
    JobId id = enqueue("resources/read", "{\"uri\":\"test://slow\"}");
    WorkerFixture.waitFor(reading);
    var _ = fixture.jobs.cancel(id);
    WorkerFixture.waitFor(stopped);
    await().atMost(LIMIT).until(() -> fixture.job(id).state() == JobState.CANCELLED);
  }
}
