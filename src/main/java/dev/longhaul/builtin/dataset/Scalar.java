package dev.longhaul.builtin.dataset;

/**
 * Reads one value from a slice of characters, without allocation, because it is called a hundred
 * million times for a file of 1 GB. Not thread-safe; the fields are valid until the next read.
 */
final class Scalar {
  // Up to this mantissa both operands are exact doubles, so one division gives the correctly
  // rounded result (Clinger).
  private static final long EXACT_MANTISSA = 1L << 53;
  private static final double[] POWERS = powers();
  private static final int MAX_LONG_DIGITS = 18;

  private final Temporals temporals = new Temporals();

  /** The value, if it is an INTEGER. */
  long integer;

  /** The value, if it is an INTEGER or a NUMBER. */
  double number;

  /** Microseconds since 1970 in UTC, if it is a DATE or a TIMESTAMP. */
  long micros;

  /** Reads untyped text, as in CSV. */
  ValueKind readText(char[] text, int offset, int length) {
    int start = offset;
    int end = offset + length;
    while (start < end && text[start] <= ' ') {
      start++;
    }
    while (end > start && text[end - 1] <= ' ') {
      end--;
    }
    int n = end - start;
    if (n == 0) {
      return ValueKind.NULL;
    }
    char first = text[start];
    if ((first >= '0' && first <= '9') || first == '-' || first == '+' || first == '.') {
      ValueKind number = readNumber(text, start, end);
      return number == ValueKind.STRING ? readString(text, start, n) : number;
    }
    return isNull(text, start, n)
        ? ValueKind.NULL
        : isBoolean(text, start, n) ? ValueKind.BOOLEAN : ValueKind.STRING;
  }

  /** Reads a string, as in JSON: a date, a timestamp or a string. */
  ValueKind readString(char[] text, int offset, int length) {
    ValueKind kind = temporals.read(text, offset, length);
    micros = temporals.micros;
    return kind;
  }

  /** Reads a number; STRING if it is not a number, or has leading zeros and so is likely a code. */
  ValueKind readNumber(char[] text, int start, int end) {
    int i = start;
    boolean negative = text[i] == '-';
    if (negative || text[i] == '+') {
      i++;
    }
    int digits = 0;
    int scale = 0;
    long mantissa = 0;
    boolean point = false;
    int first = i;
    for (; i < end; i++) {
      char c = text[i];
      if (c >= '0' && c <= '9') {
        digits++;
        scale += point ? 1 : 0;
        if (digits <= MAX_LONG_DIGITS) {
          mantissa = mantissa * 10 + (c - '0');
        }
      } else if (c == '.' && !point) {
        point = true;
      } else {
        break;
      }
    }
    boolean code = digits > 1 && text[first] == '0' && first + 1 < end && text[first + 1] != '.';
    if (digits == 0 || code) {
      return ValueKind.STRING;
    }
    if (i == end && digits <= MAX_LONG_DIGITS) {
      if (!point) {
        integer = negative ? -mantissa : mantissa;
        number = (double) integer;
        return ValueKind.INTEGER;
      }
      if (mantissa <= EXACT_MANTISSA) {
        double value = (double) mantissa / POWERS[scale];
        number = negative ? -value : value;
        return ValueKind.NUMBER;
      }
    }
    return i == end || isExponent(text, i, end)
        ? parsed(new String(text, start, end - start))
        : ValueKind.STRING;
  }

  private ValueKind parsed(String text) {
    number = Double.parseDouble(text);
    return Double.isFinite(number) ? ValueKind.NUMBER : ValueKind.STRING;
  }

  private static boolean isExponent(char[] text, int start, int end) {
    int i = start;
    if (text[i] != 'e' && text[i] != 'E') {
      return false;
    }
    i++;
    if (i < end && (text[i] == '-' || text[i] == '+')) {
      i++;
    }
    int digits = i;
    while (i < end && text[i] >= '0' && text[i] <= '9') {
      i++;
    }
    return i == end && i > digits;
  }

  private static boolean isNull(char[] text, int start, int n) {
    return switch (n) {
      case 2 -> text[start] == '\\' && text[start + 1] == 'N';
      case 3 -> matches(text, start, "NaN") || matches(text, start, "nan");
      case 4 -> matches(text, start, "null") || matches(text, start, "NULL");
      default -> false;
    };
  }

  private static boolean isBoolean(char[] text, int start, int n) {
    return switch (n) {
      case 4 ->
          matches(text, start, "true")
              || matches(text, start, "True")
              || matches(text, start, "TRUE");
      case 5 ->
          matches(text, start, "false")
              || matches(text, start, "False")
              || matches(text, start, "FALSE");
      default -> false;
    };
  }

  private static boolean matches(char[] text, int start, String word) {
    for (int i = 0; i < word.length(); i++) {
      if (text[start + i] != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static double[] powers() {
    double[] powers = new double[MAX_LONG_DIGITS + 1];
    powers[0] = 1;
    for (int i = 1; i < powers.length; i++) {
      powers[i] = powers[i - 1] * 10;
    }
    return powers;
  }
}
