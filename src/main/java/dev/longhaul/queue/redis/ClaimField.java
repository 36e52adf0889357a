package dev.longhaul.queue.redis;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The values of a claimed job besides its id, constants and params, if it is not at the first
 * attempt of a plain job, in the order in which step.lua hands them out. Each is a variable of this
 * name there: {@code RETRY_UNTIL} is {@code retryUntil}.
 */
// Both sides are generated from this list, so a value's position is its constant's ordinal.
@SuppressWarnings("EnumOrdinal")
enum ClaimField {
  FENCE,
  ATTEMPT,
  QUEUED,
  RETRY_UNTIL,
  METADATA,
  PROBE,
  FLOW,
  INDEX;

  /** The Lua table constructor of a claimed job in step.lua. */
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
