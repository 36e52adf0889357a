package dev.longhaul.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.thread.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class JobThreadsTest {

  @Test
  void jobsThatWaitForEachOtherAllRunAtOnce() throws InterruptedException {
    var threads = Threads.reused("job-threads-test");
    var jobs = new JobThreads(threads);
    var together = new CountDownLatch(100);
    var ended = new CountDownLatch(100);
    for (int i = 0; i < 100; i++) {
      jobs.execute(() -> {
        together.countDown();
        WorkerFixture.waitFor(together);
        ended.countDown();
      });
    }

    WorkerFixture.waitFor(ended);
    assertThat(threads.getLargestPoolSize()).isEqualTo(100);
    threads.shutdownNow();
  }

  @Test
  void aThreadTakesTheNextJobWhenItHasEndedItsOwn() {
    List<Runnable> started = new ArrayList<>();
    var jobs = new JobThreads(started::add);
    List<Integer> ran = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      int job = i;
      jobs.execute(() -> ran.add(job));
    }

    assertThat(started).as("one thread is woken, however many jobs wait").hasSize(1);
    started.getFirst().run();
    assertThat(ran).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertThat(started).as("it woke one more, which found nothing").hasSize(2);
    started.getLast().run();
    jobs.execute(() -> ran.add(10));
    assertThat(started).hasSize(3);
  }

  @Test
  void aJobThatGetsNoThreadIsRefusedAndTheNextOneMayGetOne() {
    List<Runnable> started = new ArrayList<>();
    boolean[] full = {true};
    var jobs =
        new JobThreads(task -> {
          if (full[0]) {
            throw new RejectedExecutionException("no thread");
          }
          started.add(task);
        });
    List<Integer> ran = new ArrayList<>();

    assertThatThrownBy(() -> jobs.execute(() -> ran.add(1)))
        .isInstanceOf(RejectedExecutionException.class);
    full[0] = false;
    jobs.execute(() -> ran.add(2));
    started.getFirst().run();
    assertThat(ran).containsExactly(2);
  }
}
