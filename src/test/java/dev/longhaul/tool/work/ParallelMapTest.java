package dev.longhaul.tool.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.job.Progress;
import dev.longhaul.tool.JobContext;
import dev.longhaul.tool.JobStoppedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class ParallelMapTest {
  private final TestCall call = new TestCall();

  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  @Test
  void oneItemsFailureLeavesTheOthersAlone() {
    var outcomes =
        ParallelMap.over(numbers(5))
            .map(n -> {
              if (n == 3) {
                throw new IOException("no " + n);
              }
              return n * n;
            });

    assertThat(outcomes).extracting(ItemOutcome::index).containsExactly(0L, 1L, 2L, 3L, 4L);
    assertThat(outcomes.get(2)).isEqualTo(new ItemOutcome.Done<>(2, 2, 4));
    assertThat(outcomes.get(3))
        .isInstanceOfSatisfying(
            ItemOutcome.Failed.class,
            failed ->
                assertThat(failed.error()).isInstanceOf(IOException.class).hasMessage("no 3"));
    assertThat(outcomes).filteredOn(ItemOutcome.Done.class::isInstance).hasSize(4);
  }

  @Test
  void asManyRunAtOnceAsAskedAndNoMore() {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    // Continues only when three run at the same time.
    CyclicBarrier meet = new CyclicBarrier(3);

    var outcomes =
        ParallelMap.over(numbers(30))
            .atOnce(3)
            .map(n -> {
              most.accumulateAndGet(now.incrementAndGet(), Math::max);
              meet.await(TestCall.LIMIT_SECONDS, TimeUnit.SECONDS);
              now.decrementAndGet();
              return n;
            });

    assertThat(outcomes).allMatch(ItemOutcome.Done.class::isInstance);
    assertThat(most).hasValueLessThanOrEqualTo(3);
  }

  @Test
  void outcomesComeAsTheyCompleteAndItemsAreReadAsTheyAreNeeded() {
    AtomicInteger read = new AtomicInteger();
    CountDownLatch seen = new CountDownLatch(1);
    Iterable<Integer> endless =
        () ->
            new Iterator<>() {
              @Override
              public boolean hasNext() {
                return true;
              }

              @Override
              public Integer next() {
                return read.getAndIncrement();
              }
            };
    try (ParallelRun<Integer, Integer> run =
        ParallelMap.over(endless)
            .atOnce(2)
            .start(n -> {
              if (n == 0) {
                seen.await();
              }
              return n;
            })) {
      List<Integer> first = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        first.add(run.next().item());
      }
      assertThat(first).containsExactly(1, 2, 3, 4, 5);
      assertThat(read).hasValueLessThanOrEqualTo(7);
      seen.countDown();
    }
  }

  @Test
  void tellsTheCallHowFarItIs() throws Exception {
    call.run(() -> ParallelMap.over(numbers(4)).atOnce(1).called("numbers").map(n -> n));

    assertThat(call.progress())
        .containsExactly(
            new Progress(0.25, "1 of 4 numbers"),
            new Progress(0.5, "2 of 4 numbers"),
            new Progress(0.75, "3 of 4 numbers"),
            new Progress(1.0, "4 of 4 numbers"));
  }

  @Test
  void itemsMayCompute() {
    var outcomes = ParallelMap.over(numbers(3)).map(_ -> Thread.currentThread().isVirtual());

    assertThat(outcomes)
        .allMatch(outcome -> outcome instanceof ItemOutcome.Done<Integer, Boolean> d && !d.value());
  }

  @Test
  void itemsKnowTheCall() throws Exception {
    var outcomes = call.run(() -> ParallelMap.over(numbers(3)).map(n -> JobContext.current().id()));

    assertThat(outcomes)
        .allMatch(outcome ->
            outcome instanceof ItemOutcome.Done<Integer, String> d && d.value().equals("job"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCancelReachesEveryItemAndKeepsWhatWasDone(boolean interrupt) {
    CountDownLatch under = new CountDownLatch(3);
    Set<Integer> interrupted = ConcurrentHashMap.newKeySet();
    MapWatch<Integer, String> watch =
        new MapWatch<>() {
          @Override
          public void stopped(List<ItemOutcome<Integer, String>> soFar, @Nullable Long total) {
            JobContext.current()
                .partial(soFar.stream().map(ItemOutcome::item).toList(), soFar.size(), total);
          }
        };
    var ended =
        call.start(() ->
            ParallelMap.over(numbers(10))
                .atOnce(3)
                .map(
                    n -> {
                      if (n < 4) {
                        return "quick";
                      }
                      under.countDown();
                      try {
                        new CountDownLatch(1).await();
                      } catch (InterruptedException e) {
                        interrupted.add(n);
                        throw e;
                      }
                      return "never";
                    },
                    watch));

    await(under);
    if (interrupt) {
      call.cancel();
    } else {
      call.cancelWithoutInterrupt();
    }

    assertThat(TestCall.failure(ended)).isInstanceOf(JobStoppedException.class);
    // All have ended when the call has returned.
    assertThat(interrupted).containsExactlyInAnyOrder(4, 5, 6);
    var partial = call.partial().orElseThrow();
    assertThat(partial.json()).isEqualTo("[0,1,2,3]");
    assertThat(partial.processed()).isEqualTo(4);
    assertThat(partial.remaining()).isEqualTo(6);
  }

  @Test
  void anErrorEndsItAll() {
    assertThatThrownBy(() ->
            ParallelMap.over(numbers(5))
                .map(n -> {
                  throw new StackOverflowError("deep");
                }))
        .isInstanceOf(StackOverflowError.class);
  }

  @Test
  void computesOnThePoolsThreads() {
    var outcomes =
        ParallelMap.over(numbers(20))
            .on(CpuPool.shared())
            .map(n -> Thread.currentThread().getName());

    assertThat(outcomes)
        .hasSize(20)
        .allMatch(outcome ->
            outcome instanceof ItemOutcome.Done<Integer, String> d
                && d.value().startsWith("longhaul-cpu-"));
  }

  @Test
  void refusesLimitsThatMakeNoSense() {
    assertThatThrownBy(() -> ParallelMap.over(List.of()).atOnce(0))
        .hasMessage("atOnce is 0; give 1 to 1000 items at once.");
    assertThat(ParallelMap.over(List.of()).map(item -> item)).isEmpty();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(TestCall.LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
