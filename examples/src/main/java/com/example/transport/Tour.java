package com.example.transport;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** A round trip through all stops, as the order in which they are visited. */
final class Tour {
  private final List<Stop> stops;
  private final int[] order;

  private Tour(List<Stop> stops, int[] order) {
    this.stops = stops;
    this.order = order;
  }

  /** Through all stops in any order; the same seed gives the same one. */
  static Tour shuffled(List<Stop> stops, long seed) {
    List<Integer> order =
        Arrays.asList(IntStream.range(0, stops.size()).boxed().toArray(Integer[]::new));
    Collections.shuffle(order, new Random(seed));
    return new Tour(stops, order.stream().mapToInt(Integer::intValue).toArray());
  }

  /** Turns parts of the trip round for as long as that makes it shorter (2-opt). */
  Tour untangled() {
    int[] better = order.clone();
    int last = better.length - 1;
    boolean shorter = true;
    while (shorter) {
      shorter = false;
      for (int from = 0; from < last - 1; from++) {
        for (int to = from + 2; to <= last; to++) {
          if (gain(better, from, to) > 1e-9) {
            reverse(better, from + 1, to);
            shorter = true;
          }
        }
      }
    }
    return new Tour(stops, better);
  }

  double length() {
    return IntStream.range(0, order.length)
        .mapToDouble(i -> stops.get(order[i]).distanceTo(stops.get(order[(i + 1) % order.length])))
        .sum();
  }

  List<String> names() {
    return Arrays.stream(order).mapToObj(i -> stops.get(i).name()).toList();
  }

  private double gain(int[] at, int from, int to) {
    Stop a = stops.get(at[from]);
    Stop b = stops.get(at[from + 1]);
    Stop c = stops.get(at[to]);
    Stop d = stops.get(at[(to + 1) % at.length]);
    return a.distanceTo(b) + c.distanceTo(d) - a.distanceTo(c) - b.distanceTo(d);
  }

  private static void reverse(int[] at, int from, int to) {
    for (int i = from, j = to; i < j; i++, j--) {
      int swap = at[i];
      at[i] = at[j];
      at[j] = swap;
    }
  }
}
