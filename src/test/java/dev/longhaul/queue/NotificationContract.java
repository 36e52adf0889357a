package dev.longhaul.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.JobState;
import dev.longhaul.job.NotificationPlan;
import dev.longhaul.job.NotificationPlan.Target;
import dev.longhaul.job.Priority;
import dev.longhaul.job.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The contract for notifications of the end of jobs and flows, for every adapter. */
public abstract class NotificationContract extends FlowSteps {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String URL = "https://hooks.example.com/a?b=c&d=\"é";
  private static final Duration HOUR = Duration.ofHours(1);

  protected abstract NotificationQueue notifications();

  protected abstract QueueAdmin admin();

  /** Makes every lease expire. */
  protected abstract void expireLeases();

  /** Makes every held job exceed the longest time of a hold. */
  protected abstract void heldForTooLong();

  private static NotificationPlan plan(Target... targets) {
    return new NotificationPlan(
        "deliver",
        "letters",
        Priority.HIGH,
        Duration.ofSeconds(15),
        new RetryPolicy(4, List.of(Duration.ofSeconds(7)), true),
        HOUR,
        2,
        List.of(targets));
  }

  private static NotificationPlan webhook() {
    return plan(new Target("webhook", URL));
  }

  private JobId submit(JobRequest request) {
    return jobs().enqueue(List.of(request)).getFirst();
  }

  private JobId submit() {
    return submit(request("work").notifying(webhook()));
  }

  private List<Claim> letters() {
    return work().step(List.of(), List.of("letters"), 10).join().claims();
  }

  private JsonNode only(JobId subject) {
    List<Claim> letters = letters();
    assertThat(letters).hasSize(1);
    JsonNode arguments = JSON.readTree(letters.getFirst().params()).path("arguments");
    assertThat(arguments.path("subject").asString()).isEqualTo(subject.value());
    return arguments;
  }

  private void assertTold(JobId subject, String event) {
    assertThat(only(subject).path("event").asString()).isEqualTo(event);
    assertThat(notifications().log(subject)).hasSize(1);
  }

  @Test
  void theEndOfAJobPutsADeliveryInLineWithAllThatItNeeds() {
    JobId id = submit();
    Claim claim = started(1).getFirst();
    assertThat(letters()).isEmpty();
    assertThat(notifications().log(id)).isEmpty();
    assertThat(succeed(claim)).isTrue();

    Claim letter = letters().getFirst();
    assertThat(letter.tool()).isEqualTo("deliver");
    assertThat(letter.method()).isEqualTo("tools/call");
    assertThat(letter.owner()).isEqualTo("local");
    assertThat(letter.attempt()).isEqualTo(1);
    assertThat(letter.timeout()).isEqualTo(Duration.ofSeconds(15));
    assertThat(letter.retry()).isEqualTo(new RetryPolicy(4, List.of(Duration.ofSeconds(7)), true));
    JsonNode params = JSON.readTree(letter.params());
    assertThat(params.path("name").asString()).isEqualTo("deliver");
    JsonNode arguments = params.path("arguments");
    assertThat(arguments.path("subject").asString()).isEqualTo(id.value());
    assertThat(arguments.path("kind").asString()).isEqualTo("job");
    assertThat(arguments.path("event").asString()).isEqualTo("job.completed");
    assertThat(arguments.path("state").asString()).isEqualTo("completed");
    assertThat(arguments.path("channel").asString()).isEqualTo("webhook");
    assertThat(arguments.path("url").asString()).isEqualTo(URL);
    Job ended = jobs().find(id).orElseThrow();
    assertThat(arguments.path("ended").asString()).isEqualTo(millis(ended.times().finishedAt()));
    DeliveryEntry entry = notifications().log(id).getFirst();
    assertThat(entry.delivery()).isEqualTo(letter.id());
    assertThat(entry.channel()).isEqualTo("webhook");
    assertThat(entry.event()).isEqualTo("job.completed");
    assertThat(entry.at()).isEqualTo(ended.times().finishedAt());
    assertThat(entry.attempt()).isNull();

    Job job = jobs().find(letter.id()).orElseThrow();
    assertThat(job.owner()).isEqualTo("local");
    assertThat(job.priority()).isEqualTo(Priority.HIGH);
    assertThat(jobs().list(new JobFilter("local", null, null, null, 10)).jobs())
        .extracting(Job::id)
        .containsExactly(id);
  }

  @Test
  void aJobOfWhichNobodyIsToldTellsNobody() {
    JobId id = submit(request("work"));
    succeed(started(1).getFirst());
    assertThat(letters()).isEmpty();
    assertThat(notifications().log(id)).isEmpty();
    assertThat(notifications().again(id, null)).isEmpty();
  }

  @Test
  void everyTargetHasADeliveryOfItsOwn() {
    JobId id =
        submit(
            request("work").notifying(plan(new Target("webhook", URL), new Target("log", null))));
    succeed(started(1).getFirst());
    List<Claim> letters = letters();
    assertThat(letters)
        .extracting(letter -> JSON.readTree(letter.params()).at("/arguments/channel").asString())
        .containsExactlyInAnyOrder("webhook", "log");
    assertThat(letters)
        .filteredOn(letter -> letter.params().contains("\"log\""))
        .allSatisfy(letter ->
            assertThat(JSON.readTree(letter.params()).at("/arguments/url").isMissingNode())
                .isTrue());
    assertThat(notifications().log(id))
        .extracting(DeliveryEntry::channel)
        .containsExactly("webhook", "log");
  }

  @Test
  void aReplyThatWasLostTellsOnce() {
    submit();
    Claim claim = started(1).getFirst();
    assertThat(succeed(claim)).isTrue();
    assertThat(succeed(claim)).isTrue();
    assertThat(letters()).hasSize(1);
    assertThat(letters()).isEmpty();
  }

  @Test
  void aFailureIsTold() {
    JobId id = submit();
    fail(started(1).getFirst());
    assertTold(id, "job.failed");
  }

  @Test
  void aDeadJobIsTold() {
    JobId id = submit();
    giveUp(started(1).getFirst());
    assertTold(id, "job.dead");
  }

  @Test
  void anAttemptThatIsRepeatedIsNoEnd() {
    JobId id = submit();
    Claim claim = started(1).getFirst();
    complete(new Completion.GivenBack(claim.id(), claim.token(), Duration.ZERO));
    assertThat(letters()).isEmpty();
    succeed(started(1).getFirst());
    assertTold(id, "job.completed");
  }

  @Test
  void aCancelIsToldOfAWaitingAndOfARunningJob() {
    JobId waiting = submit();
    jobs().cancel(waiting);
    assertTold(waiting, "job.cancelled");

    JobId running = submit();
    Claim claim = started(1).getFirst();
    jobs().cancel(running);
    assertTold(running, "job.cancelled");
    assertThat(succeed(claim)).isFalse();
    assertThat(letters()).isEmpty();
  }

  @Test
  void aLostWorkerIsTold() {
    JobId id =
        submit(
            new JobRequest(
                    "tools/call",
                    "work",
                    "{}",
                    "local",
                    QUEUE,
                    Priority.DEFAULT,
                    Duration.ZERO,
                    false,
                    HOUR,
                    HOUR,
                    RetryPolicy.once(),
                    Map.of())
                .notifying(webhook()));
    started(1);
    expireLeases();
    work().reap(10);
    assertThat(state(id)).isEqualTo(JobState.DEAD);
    assertTold(id, "job.dead");
  }

  @Test
  void aJobThatWasHeldForTooLongIsTold() {
    JobId id =
        submit(
            new JobRequest(
                    "tools/call",
                    "work",
                    "{}",
                    "local",
                    QUEUE,
                    Priority.DEFAULT,
                    Duration.ZERO,
                    true,
                    HOUR,
                    HOUR,
                    RetryPolicy.once(),
                    Map.of())
                .notifying(webhook()));
    heldForTooLong();
    work().reap(10);
    assertTold(id, "job.failed");
  }

  @Test
  void aJobThatIsDeletedBeforeItsEndIsToldAsCancelled() {
    JobId id = submit();
    jobs().delete(id, true);
    assertThat(only(id).path("event").asString()).isEqualTo("job.cancelled");
    assertThat(notifications().again(id, null)).isEmpty();
  }

  @Test
  void aDrainedQueueTakesDeliveriesAllTheSame() {
    JobId id = submit();
    var elsewhere = request("other").in("letters");
    submit(elsewhere);
    admin().drain("letters");
    succeed(started(1).getFirst());
    assertThat(notifications().log(id)).hasSize(1);
    assertThat(letters()).extracting(Claim::tool).containsExactlyInAnyOrder("deliver", "other");
    admin().resume("letters");
  }

  @Test
  void aDeliveryWhoseWorkerIsLostIsMadeByAnother() {
    JobId id = submit();
    succeed(started(1).getFirst());
    List<Claim> lost = letters();
    work().start(lost).join();
    expireLeases();
    work().reap(10);
    List<Claim> taken = letters();
    assertThat(taken).hasSize(1);
    assertThat(taken.getFirst().id()).isEqualTo(lost.getFirst().id());
    assertThat(taken.getFirst().params()).isEqualTo(lost.getFirst().params());
    assertThat(taken.getFirst().attempt()).isEqualTo(2);
    work().start(taken).join();
    assertThat(succeed(lost.getFirst())).isFalse();
    assertThat(succeed(taken.getFirst())).isTrue();
    assertThat(notifications().log(id)).hasSize(1);
  }

  @Test
  void deliveriesHaveTheirSlots() {
    for (int i = 0; i < 3; i++) {
      submit();
    }
    started(3).forEach(this::succeed);
    List<Claim> first = letters();
    assertThat(first.size()).isGreaterThanOrEqualTo(2);
    int before = first.size();
    work().start(first).join();
    first.forEach(this::succeed);
    assertThat(before + letters().size()).isEqualTo(3);
  }

  @Test
  void aReplayOfADeadJobTellsOfItsOwnEnd() {
    JobId id = submit();
    giveUp(started(1).getFirst());
    assertTold(id, "job.dead");
    JobId again = Objects.requireNonNull(admin().replay(List.of(id)).get(id));
    succeed(started(1).getFirst());
    assertTold(again, "job.completed");
  }

  @Test
  void aBatchTellsOnceWhenItsLastChildHasEnded() {
    JobId flow = flows().open(told(FlowKind.BATCH));
    flows().stage(flow, 0, requests(2));
    flows().seal(flow, 2);
    List<Claim> claims = started(2);
    succeed(claims.get(0));
    assertThat(letters()).isEmpty();
    succeed(claims.get(1));
    JsonNode letter = only(flow);
    assertThat(letter.path("kind").asString()).isEqualTo("batch");
    assertThat(letter.path("event").asString()).isEqualTo("batch.completed");
    assertThat(letter.path("ended").asString()).isEqualTo(millis(view(flow).times().finishedAt()));
    assertThat(notifications().log(flow)).hasSize(1);
    assertThat(notifications().again(flow, null)).hasSize(1);
    assertThat(only(flow).path("event").asString()).isEqualTo("batch.completed");
  }

  @Test
  void aChainTellsOfItsFailureAndItsStepsOfTheirs() {
    JobId flow = flows().open(told(FlowKind.CHAIN));
    flows().stage(flow, 0, List.of(request("child").notifying(webhook()), request("child")));
    flows().seal(flow, 2);
    fail(started(1).getFirst());
    assertThat(letters())
        .extracting(letter -> JSON.readTree(letter.params()).at("/arguments/event").asString())
        .containsExactlyInAnyOrder("job.failed", "chain.failed");
  }

  @Test
  void aCancelledBatchTellsWhenItsRunningChildrenHaveEnded() {
    JobId flow = flows().open(told(FlowKind.BATCH));
    flows().stage(flow, 0, requests(3));
    flows().seal(flow, 3);
    started(1);
    flows().cancel(flow);
    assertThat(only(flow).path("event").asString()).isEqualTo("batch.cancelled");
  }

  @Test
  void whatWasNeverSealedTellsNothing() {
    JobId flow = flows().open(told(FlowKind.BATCH));
    flows().stage(flow, 0, requests(2));
    flows().cancel(flow);
    assertThat(letters()).isEmpty();
    assertThat(notifications().again(flow, null)).isEmpty();
  }

  @Test
  void whatGoesOnOrIsUnknownIsNotToldAgain() {
    JobId id = submit();
    assertThat(notifications().again(id, null)).isEmpty();
    assertThat(notifications().again(JobId.create(0, 0), null)).isEmpty();
    JobId flow = flows().open(told(FlowKind.BATCH));
    flows().stage(flow, 0, requests(1));
    flows().seal(flow, 1);
    assertThat(notifications().again(flow, null)).isEmpty();
    assertThat(letters()).isEmpty();
  }

  @Test
  void aReplayIsANewDeliveryOfTheSame() {
    JobId id =
        submit(
            request("work").notifying(plan(new Target("webhook", URL), new Target("log", null))));
    succeed(started(1).getFirst());
    List<Claim> first = letters();
    work().start(first).join();
    first.forEach(this::succeed);

    assertThat(notifications().again(id, "nobody")).isEmpty();
    List<JobId> again = notifications().again(id, "webhook");
    assertThat(again)
        .hasSize(1)
        .doesNotContainAnyElementsOf(first.stream().map(Claim::id).toList());
    JsonNode letter = only(id);
    assertThat(letter.path("channel").asString()).isEqualTo("webhook");
    assertThat(letter.path("ended").asString())
        .isEqualTo(millis(jobs().find(id).orElseThrow().times().finishedAt()));
    assertThat(notifications().again(id, null)).hasSize(2).doesNotContainAnyElementsOf(again);
    assertThat(notifications().log(id)).hasSize(5);
  }

  @Test
  void whoeverAsksForMoreWhileManyAreUnderWayHasToWait() {
    JobId id = submit();
    succeed(started(1).getFirst());
    for (int under = 1; under < NotificationQueue.MOST_UNDER_WAY; under++) {
      assertThat(notifications().again(id, null)).hasSize(1);
    }
    assertThatThrownBy(() -> notifications().again(id, null))
        .isInstanceOf(QueueFullException.class);
    Claim letter = letters().getFirst();
    work().start(List.of(letter)).join();
    succeed(letter);
    assertThat(notifications().again(id, null)).hasSize(1);
  }

  @Test
  void attemptsAreLoggedAsTheyWere() {
    JobId id = submit();
    succeed(started(1).getFirst());
    JobId delivery = letters().getFirst().id();
    var failed =
        new DeliveryEntry(
            delivery,
            "webhook",
            "job.completed",
            Instant.ofEpochMilli(1_234_567),
            new DeliveryEntry.Attempt(
                1, Duration.ofMillis(250), 503, "HTTP_503", "It said \"later\"."));
    var delivered =
        new DeliveryEntry(
            delivery,
            "webhook",
            "job.completed",
            Instant.ofEpochMilli(2_234_567),
            new DeliveryEntry.Attempt(2, Duration.ofMillis(25), null, null, null));
    notifications().record(id, failed);
    notifications().record(id, delivered);
    List<DeliveryEntry> log = notifications().log(id);
    assertThat(log.subList(1, 3)).containsExactly(failed, delivered);
    assertThat(attempt(delivered).delivered()).isTrue();
    assertThat(attempt(failed).delivered()).isFalse();
  }

  @Test
  void theLogKeepsTheNewestEntries() {
    JobId id = submit();
    succeed(started(1).getFirst());
    JobId delivery = letters().getFirst().id();
    IntStream.rangeClosed(1, NotificationQueue.MOST_ENTRIES + 5)
        .forEach(number ->
            notifications()
                .record(
                    id,
                    new DeliveryEntry(
                        delivery,
                        "webhook",
                        "job.completed",
                        Instant.ofEpochMilli(number),
                        new DeliveryEntry.Attempt(number, Duration.ZERO, 500, "HTTP_500", "no"))));
    assertThat(notifications().log(id))
        .extracting(entry -> attempt(entry).number())
        .isEqualTo(IntStream.rangeClosed(6, NotificationQueue.MOST_ENTRIES + 5).boxed().toList());
  }

  @Test
  void aDeletedJobHasNoLog() {
    JobId id = submit();
    succeed(started(1).getFirst());
    assertThat(notifications().log(id)).isNotEmpty();
    jobs().delete(id, false);
    assertThat(notifications().log(id)).isEmpty();
  }

  private FlowRequest told(FlowKind kind) {
    return new FlowRequest(kind, "told", "local", false, null, webhook());
  }

  private static DeliveryEntry.Attempt attempt(DeliveryEntry entry) {
    return Objects.requireNonNull(entry.attempt());
  }

  private static String millis(@Nullable Instant time) {
    return Long.toString(Objects.requireNonNull(time).toEpochMilli());
  }
}
