package dev.longhaul.builtin.dataset;

import java.time.LocalDate;
import java.time.YearMonth;

/**
 * Recognises ISO 8601 dates and timestamps: {@code 2026-11-21}, and that followed by {@code T} or a
 * space, {@code HH:mm}, optionally {@code :ss} and a fraction, optionally {@code Z} or an offset.
 * Without an offset the time is taken as UTC.
 */
final class Temporals {
  private static final int DATE_LENGTH = 10;
  private static final int LONGEST = 40;
  private static final long MICROS_A_MINUTE = 60_000_000L;
  private static final long MICROS_A_DAY = 1_440 * MICROS_A_MINUTE;

  /** The last value read, in microseconds since 1970 in UTC. */
  long micros;

  private int at;

  ValueKind read(char[] text, int offset, int length) {
    int end = offset + length;
    if (length < DATE_LENGTH
        || length > LONGEST
        || text[offset + 4] != '-'
        || text[offset + 7] != '-') {
      return ValueKind.STRING;
    }
    int year = digits(text, offset, 4);
    int month = digits(text, offset + 5, 2);
    int day = digits(text, offset + 8, 2);
    if (year < 0 || month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) {
      return ValueKind.STRING;
    }
    micros = LocalDate.of(year, month, day).toEpochDay() * MICROS_A_DAY;
    if (length == DATE_LENGTH) {
      return ValueKind.DATE;
    }
    at = offset + DATE_LENGTH;
    return readTime(text, end) && readOffset(text, end) && at == end
        ? ValueKind.TIMESTAMP
        : ValueKind.STRING;
  }

  private static int daysOf(int year, int month) {
    return month == 2 ? YearMonth.of(year, month).lengthOfMonth() : 30 + ((month + month / 8) & 1);
  }

  private boolean readTime(char[] text, int end) {
    if ((text[at] != 'T' && text[at] != ' ') || end - at < 6 || text[at + 3] != ':') {
      return false;
    }
    int hour = digits(text, at + 1, 2);
    int minute = digits(text, at + 4, 2);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59) {
      return false;
    }
    micros += (hour * 60L + minute) * MICROS_A_MINUTE;
    at += 6;
    if (at == end || text[at] != ':') {
      return true;
    }
    int second = end - at < 3 ? -1 : digits(text, at + 1, 2);
    if (second < 0 || second > 60) {
      return false;
    }
    micros += second * 1_000_000L;
    at += 3;
    return at == end || text[at] != '.' || readFraction(text, end);
  }

  private boolean readFraction(char[] text, int end) {
    long unit = 100_000;
    int start = ++at;
    while (at < end && text[at] >= '0' && text[at] <= '9') {
      micros += (text[at] - '0') * unit;
      unit /= 10;
      at++;
    }
    return at > start;
  }

  private boolean readOffset(char[] text, int end) {
    if (at == end) {
      return true;
    }
    char sign = text[at];
    if (sign == 'Z') {
      at++;
      return true;
    }
    if ((sign != '+' && sign != '-') || end - at < 5) {
      return false;
    }
    int colon = text[at + 3] == ':' ? 1 : 0;
    int hours = digits(text, at + 1, 2);
    int minutes = end - at < 5 + colon ? -1 : digits(text, at + 3 + colon, 2);
    if (hours < 0 || hours > 18 || minutes < 0 || minutes > 59) {
      return false;
    }
    long shift = (hours * 60L + minutes) * MICROS_A_MINUTE;
    micros += sign == '-' ? shift : -shift;
    at += 5 + colon;
    return true;
  }

  private static int digits(char[] text, int start, int count) {
    int value = 0;
    for (int i = start; i < start + count; i++) {
      int digit = text[i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }
}
