package dev.longhaul.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.catalog.RegisteredTools;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Priority;
import dev.longhaul.job.RetryPolicy;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.queue.redis.RedisQueueFixture;
import dev.longhaul.testing.TestRedis;
import dev.longhaul.testing.Tools;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.context.event.EventListener;

/** Events of jobs in a Spring context with a real queue; the tests act as the worker. */
class JobEventsTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  private final RedisQueueFixture redis = new RedisQueueFixture(TestRedis.namespace());
  private final AnnotationConfigApplicationContext context =
      new AnnotationConfigApplicationContext();
  private final BlockingQueue<JobEvent> heard = new LinkedBlockingQueue<>();
  private final RegisteredTools tools = new RegisteredTools();
  private JobQueue jobs;
  private WorkQueue work;

  @BeforeEach
  void open() {
    redis.open();
    jobs = redis.jobs(1_000);
    work = redis.work();
    context.registerBean(JobQueue.class, () -> jobs);
    context.registerBean(RegisteredTools.class, () -> tools);
    context.register(EventsConfiguration.class);
  }

  @AfterEach
  void close() {
    context.close();
    redis.close();
  }

  private JobEventPublisher listening() {
    context.addApplicationListener(ApplicationListener.forPayload(this::hear));
    return started();
  }

  private void hear(JobEvent event) {
    heard.add(event);
  }

  private JobEventPublisher started() {
    context.refresh();
    return context.getBean(JobEventPublisher.class);
  }

  private JobEvent next() throws InterruptedException {
    JobEvent event = heard.poll(60, TimeUnit.SECONDS);
    assertThat(event).as("an event within a minute").isNotNull();
    return event;
  }

  private JobRequest request(RetryPolicy retry) {
    return new JobRequest(
        "tools/call",
        "greet",
        "{}",
        "zoe",
        "default",
        Priority.DEFAULT,
        Duration.ZERO,
        false,
        LONG,
        LONG,
        retry,
        Map.of("ticket", "4711"));
  }

  private JobId enqueue() {
    return jobs.enqueue(List.of(request(RetryPolicy.once()))).getFirst();
  }

  private Claim claim() {
    Claim claim = work.step(List.of(), List.of("default"), 1).join().claims().getFirst();
    assertThat(work.start(List.of(claim)).join()).containsExactly(claim.id());
    return claim;
  }

  @Test
  void everyEndOfAnAttemptIsItsOwnEventWithTheJobTheOutcomeAndTheTime() throws Exception {
    JobEventPublisher events = listening();
    JobId id = enqueue();
    Claim claim = claim();
    JobError error = new JobError(JobError.TOOL_FAILED, "IOException", "no", "wait");

    events.ended(claim, new Outcome.Answered("{\"content\":[]}", true), Duration.ofSeconds(2));
    assertThat(next())
        .isInstanceOfSatisfying(
            JobProcessed.class,
            done -> {
              assertThat(done.job().id()).isEqualTo(id);
              assertThat(done.job().tool()).isEqualTo("greet");
              assertThat(done.job().owner()).isEqualTo("zoe");
              assertThat(done.job().attempt()).isEqualTo(1);
              assertThat(done.job().metadata()).containsEntry("ticket", "4711");
              assertThat(done.outcome().isError()).isTrue();
              assertThat(done.ran()).contains(Duration.ofSeconds(2));
            });
    for (Outcome bad :
        List.of(
            new Outcome.GivenUp(error, null),
            new Outcome.Failed(error, null),
            new Outcome.Refused(-32602, "no", null))) {
      events.ended(claim, bad, Duration.ZERO);
      assertThat(next())
          .isInstanceOfSatisfying(
              JobFailed.class, failed -> assertThat(failed.outcome()).isEqualTo(bad));
    }
    events.cancelled(jobs.find(id).orElseThrow().ended(JobState.CANCELLED));
    assertThat(next())
        .isInstanceOfSatisfying(
            JobCancelled.class, gone -> assertThat(gone.job().id()).isEqualTo(id));
    assertThat(heard).isEmpty();
  }

  @Test
  void whatTheReaperEndedIsReadAndToldAsWhatItBecame() throws Exception {
    JobEventPublisher events = listening();
    JobId lost = enqueue();
    claim();
    redis.makeOld(":l");
    assertThat(work.reap(10).ended()).containsExactly(lost);
    events.reaped(lost, true);
    assertThat(next())
        .isInstanceOfSatisfying(
            JobFailed.class,
            failed -> {
              assertThat(failed.job().id()).isEqualTo(lost);
              assertThat(failed.job().owner()).isEqualTo("zoe");
              assertThat(failed.outcome()).isInstanceOf(Outcome.GivenUp.class);
              assertThat(failed.ran()).isEmpty();
            });

    JobId left = enqueue();
    jobs.cancel(left);
    events.closed(left);
    assertThat(next())
        .isInstanceOfSatisfying(
            JobCancelled.class, gone -> assertThat(gone.job().id()).isEqualTo(left));

    JobId back = enqueue();
    events.reaped(back, false); // the publisher continues
    events.closed(back); // an event older than the job
    events.closed(JobId.create(1, 0)); // expired meanwhile
    events.cancelled(jobs.find(left).orElseThrow());
    assertThat(next().job().id()).isEqualTo(left);
    assertThat(heard).isEmpty();
  }

  @Test
  void whatLonghaulItselfMakesAJobOfIsNobodysNews() throws Exception {
    JobEventPublisher events = listening();
    enqueue();
    Claim claim = claim();
    tools.registerHidden(Tools.queued("greet", _ -> Tools.text("x")));
    events.ended(claim, new Outcome.Answered("{}", false), Duration.ZERO);
    redis.makeOld(":l");
    assertThat(work.reap(10).ended()).containsExactly(claim.id());
    events.reaped(claim.id(), true);
    var job = jobs.find(claim.id()).orElseThrow();
    events.cancelled(job); // last, so that the others have been processed
    assertThat(next()).isInstanceOf(JobCancelled.class);
    assertThat(heard).isEmpty();
  }

  @Test
  void aListenerThatThrowsKeepsNoLaterEventAway() throws Exception {
    context.addApplicationListener(
        ApplicationListener.forPayload((JobEvent event) -> {
          heard.add(event);
          throw new IllegalStateException("a listener's own fault");
        }));
    JobEventPublisher events = started();
    JobId id = enqueue();
    events.cancelled(jobs.find(id).orElseThrow());
    events.cancelled(jobs.find(id).orElseThrow());
    assertThat(next().job().id()).isEqualTo(id);
    assertThat(next().job().id()).isEqualTo(id);
  }

  @Test
  void aSlowListenerHoldsNobodyUpAndIsToldAllThatFits() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    context.addApplicationListener(
        ApplicationListener.forPayload((JobEvent event) -> {
          try {
            if (gate.await(60, TimeUnit.SECONDS)) {
              heard.add(event);
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        }));
    JobEventPublisher events = started();
    var job = jobs.find(enqueue()).orElseThrow();
    for (int i = 0; i < 20_000; i++) {
      events.cancelled(job); // returns without listeners, too
    }
    gate.countDown();
    await().atMost(Duration.ofMinutes(1)).until(() -> heard.size() >= 10_000);
  }

  /** Listens to another type of event. */
  static final class OfAnotherKind implements ApplicationListener<ContextRefreshedEvent> {
    @Override
    public void onApplicationEvent(ContextRefreshedEvent event) {}
  }

  /** Listens by annotation to one kind of event. */
  static final class Annotated {
    private final BlockingQueue<JobEvent> heard = new LinkedBlockingQueue<>();

    @EventListener
    void failed(JobFailed event) {
      heard.add(event);
    }
  }

  @Test
  void whereNobodyListensNothingIsSentAndAnAnnotatedMethodListens() {
    context.addApplicationListener(new OfAnotherKind());
    started();
    assertThat(new Listeners(context).any()).isFalse();

    try (var other = new AnnotationConfigApplicationContext()) {
      other.registerBean(Annotated.class);
      other.refresh();
      assertThat(new Listeners(other).any()).isTrue();
    }
    Listeners later = new Listeners(context);
    assertThat(later.any()).isFalse();
    context.addApplicationListener(ApplicationListener.forPayload(this::hear));
    assertThat(later.any()).isTrue();
  }
}
