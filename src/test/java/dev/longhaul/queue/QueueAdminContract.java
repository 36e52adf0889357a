package dev.longhaul.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.job.Job;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Limits;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Priority;
import dev.longhaul.job.RetryPolicy;
import dev.longhaul.queue.QueueAdmin.CallerPage;
import dev.longhaul.queue.QueueAdmin.CallerWaiting;
import dev.longhaul.queue.QueueAdmin.QueueState;
import dev.longhaul.queue.QueueAdmin.QueueView;
import dev.longhaul.queue.QueueAdmin.ToolUse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The contract of operator functions: states of queues, dead letters; for every adapter. */
public abstract class QueueAdminContract {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final JobError ERROR = new JobError("TOOL_FAILED", "IOException", "no", "wait");

  protected abstract JobQueue jobs();

  protected abstract WorkQueue work();

  protected abstract QueueAdmin admin();

  private static JobRequest request(String queue, String owner) {
    return new JobRequest(
        "tools/call",
        "greet",
        "{\"name\":\"greet\"}",
        owner,
        queue,
        Priority.HIGH,
        Duration.ZERO,
        false,
        HOUR,
        HOUR,
        new RetryPolicy(1, List.of(HOUR), true),
        Map.of("ticket", "4711"));
  }

  private JobId enqueue(String queue) {
    return jobs().enqueue(List.of(request(queue, "local"))).getFirst();
  }

  private List<Claim> claim(String... queues) {
    return work().step(List.of(), List.of(queues), 10).join().claims();
  }

  private JobId dead(String owner) {
    jobs().enqueue(List.of(request("default", owner)));
    Claim claim = claim("default").getFirst();
    work().start(List.of(claim)).join();
    var end = new Completion.Finished(claim.id(), claim.token(), new Outcome.GivenUp(ERROR, null));
    assertThat(work().step(List.of(end), List.of("default"), 0).join().accepted().getFirst())
        .isTrue();
    return claim.id();
  }

  private static JobFilter all(String owner) {
    return new JobFilter(owner, null, null, null, 100);
  }

  private List<JobId> listed(String owner) {
    return admin().deadLetters(all(owner)).jobs().stream().map(Job::id).toList();
  }

  private QueueView view(String queue) {
    return admin().queue(queue).orElseThrow();
  }

  @Test
  void aPausedQueueHandsOutNothingButTakesJobs() {
    admin().pause("slow");
    JobId id = enqueue("slow");
    JobId other = enqueue("quick");

    assertThat(claim("slow", "quick")).extracting(Claim::id).containsExactly(other);
    assertThat(view("slow").state()).isEqualTo(QueueState.PAUSED);
    assertThat(view("slow").waiting()).isEqualTo(List.of(0L, 1L, 0L, 0L));

    admin().resume("slow");
    assertThat(view("slow").state()).isEqualTo(QueueState.ACTIVE);
    assertThat(claim("slow", "quick")).extracting(Claim::id).containsExactly(id);
  }

  @Test
  void theWaitingJobsOfAQueueAreCountedByCaller() {
    jobs().enqueue(Collections.nCopies(3, request("slow", "b b ö")));
    jobs().enqueue(List.of(request("slow", "a")));
    jobs().enqueue(List.of(request("slow", "a")));
    jobs().enqueue(List.of(request("other", "z")));
    JobId delivery = jobs().enqueue(List.of(request("slow", "b b ö").asInternal())).getFirst();

    assertThat(callers("slow"))
        .containsExactlyInAnyOrder(
            new CallerWaiting("a", List.of(0L, 2L, 0L, 0L)),
            new CallerWaiting("b b ö", List.of(0L, 3L, 0L, 0L)),
            new CallerWaiting("~internal", List.of(0L, 1L, 0L, 0L)));
    assertThat(admin().callers("nothing", null, 10)).isEqualTo(new CallerPage(List.of(), null));
    assertThat(claim("slow")).extracting(Claim::id).contains(delivery).hasSize(6);
    assertThat(callers("slow")).isEmpty();
  }

  // Page by page of one caller.
  private List<CallerWaiting> callers(String queue) {
    List<CallerWaiting> found = new ArrayList<>();
    CallerPage page = admin().callers(queue, null, 1);
    found.addAll(page.callers());
    while (page.nextCursor() != null) {
      page = admin().callers(queue, page.nextCursor(), 1);
      found.addAll(page.callers());
    }
    return found;
  }

  @Test
  void theUseOfAToolSaysWhatRunsAndWaits() {
    var nothing = new ToolUse(0, 0, false);
    assertThat(admin().toolUse(List.of("greet", "never")))
        .isEqualTo(Map.of("greet", nothing, "never", nothing));

    JobRequest limited = request("default", "local").limited(new Limits(2, null, null));
    jobs().enqueue(Collections.nCopies(5, limited));
    List<Claim> running = claim("default");
    assertThat(running).hasSize(2);
    assertThat(admin().toolUse(List.of("greet"))).containsEntry("greet", new ToolUse(2, 3, false));

    work().start(running).join();
    List<Completion> ends =
        running.stream()
            .<Completion>map(claim ->
                new Completion.Finished(
                    claim.id(), claim.token(), new Outcome.Answered("{}", false)))
            .toList();
    work().step(ends, List.of("default"), 0).join();
    assertThat(claim("default")).hasSize(2);
    assertThat(admin().toolUse(List.of("greet"))).containsEntry("greet", new ToolUse(2, 1, false));

    work().openBreaker("greet", HOUR).join();
    assertThat(admin().toolUse(List.of("greet"))).containsEntry("greet", new ToolUse(2, 1, true));
    work().closeBreaker("greet").join();
    assertThat(admin().toolUse(List.of("greet")).values())
        .extracting(ToolUse::breakerOpen)
        .containsExactly(false);
  }

  @Test
  void whoWaitsForAPausedQueueIsWokenWhenItIsResumed() throws Exception {
    admin().pause("slow");
    enqueue("slow");
    var waiting = work().newWaiter().claimWhenReady(List.of("slow"), 1, Duration.ofSeconds(20));
    // It may have taken the token of the earlier enqueue; then it returns no claims.
    admin().resume("slow");
    if (waiting.get(60, TimeUnit.SECONDS).claims().isEmpty()) {
      assertThat(claim("slow")).hasSize(1);
    }
  }

  @Test
  void aDrainedQueueTakesNothingButHandsOut() {
    JobId id = enqueue("slow");
    admin().drain("slow");

    assertThatThrownBy(() -> enqueue("slow"))
        .isInstanceOf(QueueDrainingException.class)
        .hasMessageContaining("slow");
    assertThat(view("slow").state()).isEqualTo(QueueState.DRAINING);
    assertThat(claim("slow")).extracting(Claim::id).containsExactly(id);
    admin().resume("slow");
    enqueue("slow");
  }

  @Test
  void anUnknownQueueIsUnknown() {
    assertThat(admin().queue("never-heard-of")).isEmpty();
    assertThat(admin().queues()).isEmpty();
  }

  @Test
  void deadJobsAreListedNewestFirstAndOnlyToTheirOwner() {
    JobId first = dead("local");
    JobId second = dead("local");
    JobId foreign = dead("somebody else");

    assertThat(listed("local")).containsExactly(second, first);
    assertThat(listed("somebody else")).containsExactly(foreign);
    Job job = admin().deadLetters(all("local")).jobs().getFirst();
    assertThat(job.state()).isEqualTo(JobState.DEAD);
    assertThat(job.error()).isEqualTo(ERROR);
    assertThat(job.times().expiresAt()).isAfter(job.times().createdAt().plus(Duration.ofDays(6)));
  }

  @Test
  void deadJobsAreListedPageByPage() {
    Set<JobId> expected = new HashSet<>();
    for (int i = 0; i < 7; i++) {
      expected.add(dead("local"));
    }
    Set<JobId> seen = new HashSet<>();
    String cursor = null;
    do {
      JobPage page = admin().deadLetters(new JobFilter("local", null, "greet", cursor, 3));
      page.jobs().forEach(job -> assertThat(seen.add(job.id())).isTrue());
      cursor = page.nextCursor();
    } while (cursor != null);
    assertThat(seen).isEqualTo(expected);
  }

  @Test
  void aReplayIsANewJobWithTheSameWork() {
    JobId dead = dead("local");
    Map<JobId, JobId> replays = admin().replay(List.of(dead, JobId.create(1, dead.shard())));

    assertThat(replays).containsOnlyKeys(dead);
    JobId again = replays.getOrDefault(dead, dead);
    Job job = jobs().find(again).orElseThrow();
    assertThat(job.links().replayOf()).isEqualTo(dead);
    assertThat(job.state()).isEqualTo(JobState.QUEUED);
    assertThat(job.attempt()).isZero();
    assertThat(job.priority()).isEqualTo(Priority.HIGH);
    assertThat(job.metadata()).containsEntry("ticket", "4711");
    assertThat(jobs().find(dead).orElseThrow().links().replayedBy()).isEqualTo(again);
    assertThat(jobs().list(all("local")).jobs()).extracting(Job::id).contains(again);
    Claim claim = claim("default").getFirst();
    assertThat(claim.id()).isEqualTo(again);
    assertThat(claim.params()).isEqualTo("{\"name\":\"greet\"}");

    assertThat(admin().replay(List.of(dead))).as("once").containsEntry(dead, again);
  }

  @Test
  void onlyTheDeadAreReplayedAndDropped() {
    JobId alive = enqueue("default");
    assertThat(admin().replay(List.of(alive))).isEmpty();
    assertThat(admin().drop(List.of(alive))).isEmpty();
    assertThat(jobs().find(alive)).isPresent();
  }

  @Test
  void aDroppedJobIsForgotten() {
    List<JobId> dead = List.of(dead("local"), dead("local"));
    assertThat(admin().drop(List.of(dead.getFirst()))).containsExactly(dead.getFirst());
    assertThat(jobs().find(dead.getFirst())).isEmpty();
    assertThat(listed("local")).containsExactly(dead.getLast());
    assertThat(admin().drop(Collections.nCopies(2, dead.getFirst()))).isEmpty();
  }

  @Test
  void nothingStaysBehind() {
    dead("local");
    enqueue("default");
    assertThat(admin().leftovers(10)).isEmpty();
  }
}
