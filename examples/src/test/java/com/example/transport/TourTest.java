package com.example.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TourTest {
  private static final List<Stop> CIRCLE =
      IntStream.range(0, 12)
          .mapToObj(i ->
              new Stop("S" + i, Math.cos(i * Math.PI / 6) * 100, Math.sin(i * Math.PI / 6) * 100))
          .toList();

  @Test
  void theShortestTripThroughACircleGoesAroundIt() {
    double around = 12 * CIRCLE.get(0).distanceTo(CIRCLE.get(1));

    Tour tour = Tour.shuffled(CIRCLE, 42).untangled();

    assertThat(tour.length()).isCloseTo(around, org.assertj.core.data.Offset.offset(1e-6));
    assertThat(tour.names())
        .containsExactlyInAnyOrderElementsOf(CIRCLE.stream().map(Stop::name).toList());
  }
}
