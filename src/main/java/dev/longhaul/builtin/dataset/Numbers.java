package dev.longhaul.builtin.dataset;

import org.apache.datasketches.kll.KllDoublesSketch;

/**
 * Statistics of a column's numbers: exact extremes and mean, and quantiles with a rank error of
 * about 1.7 %.
 */
final class Numbers {
  private static final int KLL_K = 200;

  private final KllDoublesSketch quantiles = KllDoublesSketch.newHeapInstance(KLL_K);
  private long count;
  private long minInteger = Long.MAX_VALUE;
  private long maxInteger = Long.MIN_VALUE;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;
  private double sum;
  // The rounding error of the additions so far (Neumaier's compensated sum).
  private double compensation;
  private boolean whole = true;

  void addInteger(long value) {
    minInteger = Math.min(minInteger, value);
    maxInteger = Math.max(maxInteger, value);
    add((double) value);
  }

  void addNumber(double value) {
    whole = false;
    add(value);
  }

  private void add(double value) {
    count++;
    min = Math.min(min, value);
    max = Math.max(max, value);
    double next = sum + value;
    compensation += Math.abs(sum) >= Math.abs(value) ? (sum - next) + value : (value - next) + sum;
    sum = next;
    quantiles.update(value);
  }

  boolean isEmpty() {
    return count == 0;
  }

  /** A Long if all numbers are integers, so that large identifiers stay exact. */
  Number min() {
    return whole ? (Number) minInteger : (Number) min;
  }

  Number max() {
    return whole ? (Number) maxInteger : (Number) max;
  }

  double mean() {
    return (sum + compensation) / count;
  }

  double quantile(double rank) {
    return quantiles.getQuantile(rank);
  }
}
