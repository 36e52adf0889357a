package dev.longhaul.queue.redis;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The values of a claimed job in the order in which step.lua hands them out. Each is a variable of
 * this name there: {@code RETRY_UNTIL} is {@code retryUntil}.
 */
// The place of a value is the place of its constant: both sides are made from this list.
@SuppressWarnings("EnumOrdinal")
enum ClaimField {
  ID,
  FENCE,
  CONSTANTS,
  TOOL,
  PARAMS,
  HEADERS,
  QUEUE,
  ATTEMPTS,
  REPEATABLE,
  CREATED,
  RETRY_UNTIL,
  WAITED,
  METADATA,
  PROBE,
  FLOW,
  INDEX;

  /** What step.lua has between the braces of a claimed job. */
  static String lua() {
    return Arrays.stream(values()).map(ClaimField::variable).collect(Collectors.joining(", "));
  }

  private String variable() {
    String[] words = name().toLowerCase(Locale.ROOT).split("_", -1);
    StringBuilder name = new StringBuilder(words[0]);
    for (int i = 1; i < words.length; i++) {
      name.append(Character.toUpperCase(words[i].charAt(0))).append(words[i].substring(1));
    }
    return name.toString();
  }

  @Nullable String of(List<?> claimed) {
    return (String) claimed.get(ordinal());
  }

  String text(List<?> claimed) {
    return Objects.requireNonNull(
            claimed.get(ordinal()), () -> "claim without " + name().toLowerCase(Locale.ROOT))
        .toString();
  }

  long number(List<?> claimed) {
    return Long.parseLong(text(claimed));
  }
}
