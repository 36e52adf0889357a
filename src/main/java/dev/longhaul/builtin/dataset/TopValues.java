package dev.longhaul.builtin.dataset;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.datasketches.frequencies.ErrorType;
import org.apache.datasketches.frequencies.FrequentItemsSketch;
import org.apache.datasketches.hll.HllSketch;
import org.apache.datasketches.hll.TgtHllType;

/**
 * Counts how many different values there are and which are the most frequent. Exact while there are
 * few; then the distinct count has a standard error of about 1.6 % (HyperLogLog, 4,096 registers)
 * and a value is sure to be found if it makes up more than 0.7 % of all (Misra-Gries with 512
 * counters).
 */
final class TopValues {
  private static final int LG_REGISTERS = 12;
  private static final int COUNTERS = 512;
  private static final int CACHE = 256;
  private static final int SHOWN = 10;

  /** The longest text that is shown as it is. */
  static final int MAX_LABEL = 64;

  private final HllSketch distinct = new HllSketch(LG_REGISTERS, TgtHllType.HLL_8);
  private final FrequentItemsSketch<String> frequent = new FrequentItemsSketch<>(COUNTERS);
  // Frequent values find their String here again, and with it its computed hash code.
  private final long[] cachedHashes = new long[CACHE];
  private final String[] cachedLabels = new String[CACHE];

  void add(char[] text, int offset, int length) {
    long hash = hash(text, offset, length);
    int slot = (int) (hash >>> 56);
    String label = cachedLabels[slot];
    // Two values of one 64-bit hash are not told apart: one pair in 600 million values.
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

  /** The most frequent values, the most frequent first. Values seen once are left out of many. */
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

  // A long value is told apart by its hash but not kept whole.
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

  // FNV-1a over characters, finished like MurmurHash3 so that the high bits depend on all of them.
  private static long hash(char[] text, int offset, int length) {
    long hash = 0xcbf29ce484222325L;
    for (int i = offset, end = offset + length; i < end; i++) {
      hash = (hash ^ text[i]) * 0x100000001b3L;
    }
    hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    return hash ^ (hash >>> 33);
  }
}
