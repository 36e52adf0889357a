package dev.longhaul.tool.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.tool.JobStoppedException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchesTest {
  private double heap = 0.1;

  private Batches<Integer> batches(int items, int size) {
    return new Batches<>(IntStream.range(0, items).iterator(), size, () -> heap);
  }

  @Test
  void hasAThousandItemsABatchAndLosesNone() {
    List<Integer> sizes = new ArrayList<>();
    List<Integer> all = new ArrayList<>();
    Batches<Integer> batches = batches(2_500, Batches.DEFAULT_SIZE);
    batches.forEachRemaining(batch -> {
      sizes.add(batch.size());
      all.addAll(batch);
    });

    assertThat(sizes).containsExactly(1_000, 1_000, 500);
    assertThat(all).containsExactlyElementsOf(IntStream.range(0, 2_500).boxed().toList());
    assertThatThrownBy(batches::next).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void shrinksWhileMoreThanFourFifthsOfTheHeapAreUsedAndGrowsAgain() {
    Batches<Integer> batches = batches(100_000, 1_000);
    List<Integer> sizes = new ArrayList<>();
    for (double use : new double[] {0.8, 0.81, 0.9, 0.99, 0.5, 0.5, 0.5, 0.5, 0.5}) {
      heap = use;
      sizes.add(batches.next().size());
    }

    assertThat(sizes).containsExactly(1_000, 500, 250, 125, 125, 250, 500, 1_000, 1_000);
  }

  @Test
  void neverShrinksToNothing() {
    heap = 1;
    Batches<Integer> batches = batches(10_000, 1_000);
    for (int i = 0; i < 20; i++) {
      batches.next();
    }

    assertThat(batches.next()).hasSize(10);
    assertThat(batches(10, 4).next()).hasSize(4);
  }

  @Test
  void endsABatchEarlyThatFillsTheHeap() {
    Batches<Integer> batches =
        new Batches<>(
            IntStream.range(0, 10_000).peek(i -> heap = i < 99 ? 0.1 : 0.85).iterator(),
            1_000,
            () -> heap);

    assertThat(batches.next()).hasSize(112);
    assertThat(batches.next()).hasSize(500);
  }

  @Test
  void endsWithTheCall() throws Exception {
    TestCall call = new TestCall();
    Batches<Integer> batches = batches(10_000, 10);
    assertThatThrownBy(() ->
            call.run(() -> {
              batches.next();
              call.cancelWithoutInterrupt();
              return batches.next();
            }))
        .isInstanceOf(JobStoppedException.class);
  }

  @Test
  void refusesSizesThatMakeNoSense() {
    assertThatThrownBy(() -> Batches.of(List.of(), 0)).hasMessage("size is 0; give 1 to 1000000.");
    assertThat(Batches.of(List.of()).hasNext()).isFalse();
  }
}
