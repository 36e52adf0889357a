package dev.longhaul.builtin.dataset;

import java.util.Arrays;

/**
 * Buffers the values of one row until the row is known to be well-formed. Its memory is limited by
 * the longest allowed row.
 */
final class RowBuffer {
  private final int maxText;
  private char[] text = new char[4_096];
  private int used;
  private int values;
  private Column[] columns = new Column[32];
  private Column.Origin[] origins = new Column.Origin[32];
  private int[] ends = new int[32];
  private boolean overflow;

  RowBuffer(int maxText) {
    this.maxText = maxText;
  }

  void clear() {
    used = 0;
    values = 0;
    overflow = false;
  }

  /** Whether the row is longer than allowed; then it is incomplete. */
  boolean overflow() {
    return overflow;
  }

  void add(Column column, Column.Origin origin, char[] source, int offset, int length) {
    if (overflow || used + length > maxText) {
      overflow = true;
      return;
    }
    if (used + length > text.length) {
      text = Arrays.copyOf(text, Math.min(maxText, Math.max(used + length, text.length * 2)));
    }
    if (values == columns.length) {
      columns = Arrays.copyOf(columns, values * 2);
      origins = Arrays.copyOf(origins, values * 2);
      ends = Arrays.copyOf(ends, values * 2);
    }
    System.arraycopy(source, offset, text, used, length);
    used += length;
    columns[values] = column;
    origins[values] = origin;
    ends[values] = used;
    values++;
  }

  void commit(long row, Scalar scalar) {
    int start = 0;
    for (int i = 0; i < values; i++) {
      columns[i].add(row, origins[i], scalar, text, start, ends[i] - start);
      start = ends[i];
    }
  }
}
