package dev.longhaul.rest;

import dev.longhaul.intake.JobOptions;
import dev.longhaul.job.IdempotencyKey;
import dev.longhaul.schema.Violation;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the header {@code Idempotency-Key} (draft-ietf-httpapi-idempotency-key-header): a string of
 * RFC 9651, which is in quotes. Many clients send the key without quotes, which is accepted.
 */
final class IdempotencyHeader {
  static final String NAME = "Idempotency-Key";

  private static final Pattern ESCAPED = Pattern.compile("\\\\([\"\\\\])");

  private IdempotencyHeader() {}

  /** The key, or null if the request has none. */
  static @Nullable String of(HttpServletRequest request) {
    List<String> values = Collections.list(request.getHeaders(NAME));
    if (values.isEmpty()) {
      return null;
    }
    if (values.size() > 1) {
      throw wrong("given more than once");
    }
    String value = values.getFirst().strip();
    String key = value.startsWith("\"") ? unquoted(value) : value;
    if (!key.chars().allMatch(c -> c >= ' ' && c <= '~')) {
      // Its encoding is not defined, so the same key in the body could be another text.
      throw wrong("not ASCII; give such a key as idempotency_key in the body");
    }
    if (!IdempotencyKey.fits(key)) {
      throw wrong(IdempotencyKey.RULE);
    }
    return key;
  }

  /** The options with the key of the header, if there is one. Two different keys are refused. */
  static JobOptions keyed(JobOptions options, HttpServletRequest request) {
    String key = of(request);
    if (key == null) {
      return options;
    }
    if (options.idempotencyKey() != null && !key.equals(options.idempotencyKey())) {
      throw new BadRequestException(
          List.of(
              new Violation(
                  "/idempotency_key", "differs from the header " + NAME + "; give one of them")));
    }
    return options.keyed(key);
  }

  private static String unquoted(String value) {
    String content = value.substring(1, Math.max(1, value.length() - 1));
    String plain = ESCAPED.matcher(content).replaceAll("");
    if (value.length() < 2
        || !value.endsWith("\"")
        || plain.contains("\"")
        || plain.contains("\\")) {
      throw wrong("not a string in quotes (RFC 9651)");
    }
    return ESCAPED.matcher(content).replaceAll("$1");
  }

  private static BadRequestException wrong(String message) {
    return new BadRequestException(List.of(new Violation(NAME, message)));
  }
}
