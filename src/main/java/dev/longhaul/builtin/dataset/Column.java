package dev.longhaul.builtin.dataset;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects the statistics of one column. */
@SuppressWarnings("EnumOrdinal") // An array is faster: counted for every value of a file.
final class Column {
  private final String name;
  private final long[] kinds = new long[ValueKind.COUNT];
  private final TopValues values = new TopValues();
  private final Numbers numbers = new Numbers();
  private long earliest = Long.MAX_VALUE;
  private long latest = Long.MIN_VALUE;
  private @Nullable String earliestText;
  private @Nullable String latestText;
  private int minLength = Integer.MAX_VALUE;
  private int maxLength;
  private long lastRow = -1;

  Column(String name) {
    this.name = name;
  }

  /**
   * Adds the value of one row. A second value for the same row, which a JSON object with a
   * duplicate name has, is ignored.
   *
   * @param origin the type that the format gives the value
   */
  void add(long row, Origin origin, Scalar scalar, char[] text, int offset, int length) {
    if (row == lastRow) {
      return;
    }
    lastRow = row;
    ValueKind kind = kind(origin, scalar, text, offset, length);
    kinds[kind.ordinal()]++;
    if (kind == ValueKind.NULL) {
      return;
    }
    values.add(text, offset, length);
    switch (kind) {
      case INTEGER -> numbers.addInteger(scalar.integer);
      case NUMBER -> numbers.addNumber(scalar.number);
      case DATE, TIMESTAMP -> addMoment(scalar.micros, text, offset, length);
      case STRING -> {
        minLength = Math.min(minLength, length);
        maxLength = Math.max(maxLength, length);
      }
      case BOOLEAN, JSON, NULL -> {}
    }
  }

  private static ValueKind kind(Origin origin, Scalar scalar, char[] text, int offset, int length) {
    return switch (origin) {
      case TEXT -> scalar.readText(text, offset, length);
      case STRING -> scalar.readString(text, offset, length);
      case NUMBER -> scalar.readNumber(text, offset, offset + length);
      case BOOLEAN -> ValueKind.BOOLEAN;
      case NULL -> ValueKind.NULL;
      case JSON -> ValueKind.JSON;
    };
  }

  private void addMoment(long micros, char[] text, int offset, int length) {
    if (micros < earliest) {
      earliest = micros;
      earliestText = new String(text, offset, length).strip();
    }
    if (micros > latest) {
      latest = micros;
      latestText = new String(text, offset, length).strip();
    }
  }

  /** Whether a well-formed row had this column. */
  boolean seen() {
    return lastRow >= 0;
  }

  ColumnProfile profile(long rows) {
    Map<String, Long> types = new LinkedHashMap<>();
    long count = 0;
    for (ValueKind kind : ValueKind.values()) {
      long n = kinds[kind.ordinal()];
      if (kind != ValueKind.NULL && n > 0) {
        types.put(kind.label(), n);
        count += n;
      }
    }
    boolean numeric = !numbers.isEmpty();
    boolean textual = kinds[ValueKind.STRING.ordinal()] > 0;
    String type = type(types);
    return new ColumnProfile(
        name,
        type,
        count,
        rows - count,
        values.distinct(),
        values.exact(),
        type.equals("mixed") ? types : null,
        numeric ? numbers.min() : null,
        numeric ? numbers.max() : null,
        numeric ? numbers.mean() : null,
        numeric ? numbers.quantile(0.5) : null,
        numeric ? numbers.quantile(0.95) : null,
        earliestText,
        latestText,
        textual ? minLength : null,
        textual ? maxLength : null,
        values.top());
  }

  private static String type(Map<String, Long> types) {
    return switch (types.size()) {
      case 0 -> "empty";
      case 1 -> types.keySet().iterator().next();
      case 2 -> types.containsKey("integer") && types.containsKey("number") ? "number" : "mixed";
      default -> "mixed";
    };
  }

  /** The type that the format gives a value. */
  enum Origin {
    /** Text of a CSV, which may be of any kind. */
    TEXT,
    /** This and the following are JSON types. */
    STRING,
    NUMBER,
    BOOLEAN,
    NULL,
    JSON
  }
}
