package dev.longhaul.builtin.dataset;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.datasketches.frequencies.ErrorType;
import org.apache.datasketches.frequencies.FrequentItemsSketch;
import org.apache.datasketches.hll.HllSketch;
import org.apache.datasketches.hll.TgtHllType;

/**
 * Counts distinct values and finds the most frequent ones. The counts are exact for few values. For
 * many, the distinct count has a standard error of about 1.6 % (HyperLogLog, 4,096 registers), and
 * a value is certain to be found if it makes up more than 0.7 % of all (Misra-Gries with 512
 * counters).
 */
final class TopValues {
  private static final int LG_REGISTERS = 12;
  private static final int COUNTERS = 512;
  private static final int CACHE = 256;
  private static final int SHOWN = 10;

  /** The longest text that is shown in full. */
  static final int MAX_LABEL = 64;

  private final HllSketch distinct = new HllSketch(LG_REGISTERS, TgtHllType.HLL_8);
  private final FrequentItemsSketch<String> frequent = new FrequentItemsSketch<>(COUNTERS);
  // Caches the String of frequent values, with its computed hash code.
  private final long[] cachedHashes = new long[CACHE];
  private final String[] cachedLabels = new String[CACHE];

  void add(char[] text, int offset, int length) {
    long hash = hash(text, offset, length);
    int slot = (int) (hash >>> 56);
    String label = cachedLabels[slot];
    // Values with equal 64-bit hashes are not distinguished: about one pair in 600 million values.
    if (label == null || cachedHashes[slot] != hash) {
      label = label(text, offset, length, hash);
      cachedLabels[slot] = label;
      cachedHashes[slot] = hash;
      distinct.update(hash);
    }
    frequent.update(label);
  }

  /** Whether the counts are exact. */
  boolean exact() {
    return frequent.getMaximumError() == 0;
  }

  long distinct() {
    return exact() ? frequent.getNumActiveItems() : Math.round(distinct.getEstimate());
  }

  /**
   * The most frequent values, in descending order. If there are many values, those that occur once
   * are left out.
   */
  List<ColumnProfile.TopValue> top() {
    long least = distinct() > SHOWN ? 2 : 1;
    return Arrays.stream(frequent.getFrequentItems(ErrorType.NO_FALSE_POSITIVES))
        .filter(row -> row.getEstimate() >= least)
        .map(row -> new ColumnProfile.TopValue(row.getItem(), row.getEstimate()))
        .sorted(
            Comparator.comparingLong(ColumnProfile.TopValue::count)
                .reversed()
                .thenComparing(ColumnProfile.TopValue::value))
        .limit(SHOWN)
        .toList();
  }

  // A long value is stored shortened, and identified by its hash.
  private static String label(char[] text, int offset, int length, long hash) {
    return length <= MAX_LABEL
        ? new String(text, offset, length)
        : new String(text, offset, MAX_LABEL - 16)
            + "… ("
            + length
            + " characters, #"
            + Integer.toHexString((int) hash)
            + ")";
  }

  // FNV-1a over characters, with the finalizer of MurmurHash3, so that the high bits depend on all
  // characters.
  private static long hash(char[] text, int offset, int length) {
    long hash = 0xcbf29ce484222325L;
    for (int i = offset, end = offset + length; i < end; i++) {
      hash = (hash ^ text[i]) * 0x100000001b3L;
    }
    hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    return hash ^ (hash >>> 33);
  }
}
