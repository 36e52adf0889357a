package dev.longhaul.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Limits;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Priority;
import dev.longhaul.job.Rate;
import dev.longhaul.job.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contract for jobs that are handed to the worker of the process that stores them. */
public abstract class HandOffContract {
  private static final Duration LONG = Duration.ofMinutes(5);

  private final Places places = new Places();
  private JobQueue jobs;

  protected abstract JobQueue jobs();

  protected abstract WorkQueue work();

  protected abstract QueueAdmin admin();

  protected abstract void expireLeases();

  @BeforeEach
  void open() {
    jobs = jobs();
    jobs.handTo(places);
  }

  /** Has as many places as the test says, and keeps what is done with them. */
  private static final class Places implements HandOff {
    private final List<Claim> ran = new ArrayList<>();
    private final List<Claim> back = new ArrayList<>();
    private int free = 10;

    @Override
    public Optional<Place> place(JobRequest request) {
      if (free == 0) {
        return Optional.empty();
      }
      free--;
      return Optional.of(
          new Place() {
            @Override
            public void run(Claim claim) {
              ran.add(claim);
            }

            @Override
            public void free() {
              free++;
            }

            @Override
            public void giveBack(Claim claim) {
              free++;
              back.add(claim);
            }
          });
    }
  }

  private static JobRequest request(RetryPolicy retry) {
    return request(retry, Map.of("trace", "abc"));
  }

  private static JobRequest request(RetryPolicy retry, Map<String, String> metadata) {
    return new JobRequest(
        "tools/call",
        "greet",
        "{\"name\":\"greet\",\"arguments\":{\"who\":\"Zoë\"}}",
        "local",
        "default",
        Priority.DEFAULT,
        Duration.ZERO,
        false,
        LONG,
        LONG,
        retry,
        metadata);
  }

  private static JobRequest request() {
    return request(new RetryPolicy(3, RetryPolicy.DEFAULT_BACKOFF, true));
  }

  private List<Claim> claim(int most) {
    return work().step(List.of(), List.of("default"), most).join().claims();
  }

  private boolean finish(Claim claim) {
    var end = new Completion.Finished(claim.id(), claim.token(), new Outcome.Answered("{}", false));
    return work().step(List.of(end), List.of(), 0).join().accepted().getFirst();
  }

  private Job job(JobId id) {
    return jobs.find(id).orElseThrow();
  }

  @Test
  void aJobIsHandedOverWhenNothingWaits() {
    Job stored = jobs.submit(request(), true);

    Claim handed = places.ran.getFirst();
    assertThat(stored.state()).as("the lease is the start").isEqualTo(JobState.RUNNING);
    assertThat(job(stored.id())).isEqualTo(stored);
    assertThat(claim(5)).isEmpty();
    assertThat(jobs.depths().running()).isEqualTo(1);
    assertThat(work().renew(Map.of(handed.id(), handed.token())).lost()).isEmpty();
    assertThat(finish(handed)).isTrue();
    assertThat(finish(handed)).as("repeated").isTrue();
    assertThat(jobs.outcome(stored.id())).contains(new Outcome.Answered("{}", false));
  }

  @Test
  void theClaimIsAsIfAWorkerHadClaimedTheJob() {
    Job stored = jobs.submit(request(), false);
    Claim handed = places.ran.getFirst();
    var back = new Completion.GivenBack(handed.id(), handed.token(), Duration.ZERO);
    assertThat(work().step(List.of(back), List.of(), 0).join().accepted()).containsExactly(true);

    Claim claimed = claim(1).getFirst();
    assertThat(handed)
        .usingRecursiveComparison()
        .ignoringFields("token", "waited")
        .isEqualTo(claimed);
    assertThat(handed.token().fence()).isOne();
    assertThat(claimed.token().fence()).isEqualTo(2);
    assertThat(claimed.id()).isEqualTo(stored.id());
  }

  @Test
  void forAJobThatMustNotBeRepeatedItIsAnOffer() {
    Job stored = jobs.submit(request(RetryPolicy.once()), true);
    Claim handed = places.ran.getFirst();
    assertThat(stored.state()).isEqualTo(JobState.QUEUED);
    assertThat(job(stored.id())).isEqualTo(stored);

    expireLeases();
    assertThat(work().reap(10).requeued()).containsExactly(stored.id());
    Claim claimed = claim(1).getFirst();
    assertThat(claimed.attempt()).as("it never started").isOne();
    assertThat(work().start(List.of(handed)).join()).isEmpty();
    assertThat(work().start(List.of(claimed)).join()).containsExactly(stored.id());
  }

  @Test
  void whatEndsBeforeItsStartWasConfirmedHasAStartToo() {
    Job stored = jobs.submit(request(RetryPolicy.once(), Map.of()), false);
    assertThat(finish(places.ran.getFirst())).isTrue();
    assertThat(job(stored.id()).attempt()).isOne();
    assertThat(job(stored.id()).times().startedAt()).isNotNull();
  }

  @Test
  void aJobOfALostProcessIsQueuedAgain() {
    Job stored = jobs.submit(request(), true);
    expireLeases();
    assertThat(work().reap(10).requeued()).containsExactly(stored.id());
    assertThat(claim(1)).hasSize(1);
  }

  @Test
  void itStaysBehindThoseThatWait() {
    JobId first = jobs.enqueue(List.of(request())).getFirst();
    Job second = jobs.submit(request(), true);

    assertThat(places.ran).isEmpty();
    assertThat(places.free).isEqualTo(10);
    assertThat(second.state()).isEqualTo(JobState.QUEUED);
    assertThat(claim(5)).extracting(Claim::id).containsExactly(first, second.id());
    Job third = jobs.submit(request(), true);
    assertThat(places.ran).extracting(Claim::id).containsExactly(third.id());
  }

  @Test
  void nothingIsHandedOverWithoutAPlaceOrLaterOrByAPausedQueue() {
    places.free = 0;
    assertThat(jobs.submit(request(), true).state()).isEqualTo(JobState.QUEUED);
    claim(1);
    places.free = 1;
    assertThat(jobs.submit(request().heldBack(), true).state()).isEqualTo(JobState.HELD);
    admin().pause("default");
    assertThat(jobs.submit(request(), true).waiting()).isNotNull();
    admin().resume("default");
    assertThat(places.ran).isEmpty();
    assertThat(places.free).isOne();
  }

  @Test
  void slotsAndRatesOfToolsHold() {
    JobRequest limited = request().limited(new Limits(1, null, null));
    Job first = jobs.submit(limited, false);
    Job second = jobs.submit(limited, false);
    assertThat(places.ran).extracting(Claim::id).containsExactly(first.id());
    assertThat(claim(5)).as("its slot is taken").isEmpty();
    assertThat(job(second.id()).waiting()).isNotNull();
    Job other = jobs.submit(request(), false);
    assertThat(places.ran).as("a job of this queue waits at a gate").hasSize(1);
    assertThat(claim(5)).extracting(Claim::id).containsExactly(other.id());

    assertThat(finish(places.ran.getFirst())).isTrue();
    assertThat(claim(5)).extracting(Claim::id).containsExactly(second.id());

    JobRequest rare = request().limited(new Limits(null, new Rate(1, Duration.ofHours(1)), null));
    jobs.submit(rare, false);
    jobs.submit(rare, false);
    assertThat(places.ran).as("one token").hasSize(2);
  }

  @Test
  void theProbeOfABreakerIsLeftToTheClaims() {
    work().openBreaker("greet", LONG).join();
    jobs.submit(request(), false);
    assertThat(places.ran).isEmpty();
    assertThat(places.free).isEqualTo(10);
  }

  @Test
  void withoutTheWorkerJobsWaitInTheQueue() {
    jobs.handTo(places).close();
    assertThat(jobs.submit(request(), false).state()).isEqualTo(JobState.QUEUED);
    assertThat(places.free).isEqualTo(10);
  }
}
