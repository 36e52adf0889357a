package dev.longhaul.tool;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A warning in a {@link ToolAnswer}.
 *
 * @param code a stable upper-case code, one of the constants here or a tool's own
 * @param message a description and the remedy
 * @param processed for a partial result, how many items it contains
 * @param total for a partial result, how many items there are in total
 * @param remaining for a partial result, how many items are missing
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"code", "message", "processed", "total", "remaining"})
public record AnswerWarning(
    @JsonProperty("code") String code,
    @JsonProperty("message") String message,
    @JsonProperty(value = "processed", required = false) @Nullable Long processed,
    @JsonProperty(value = "total", required = false) @Nullable Long total,
    @JsonProperty(value = "remaining", required = false) @Nullable Long remaining) {
  /** The result covers only what was done before the call was stopped. */
  public static final String PARTIAL_RESULT = "PARTIAL_RESULT";

  /** More than 80 % of the time-out was used. */
  public static final String TIMEOUT_NEAR = "TIMEOUT_NEAR";

  /** A warning without counts. */
  public AnswerWarning(String code, String message) {
    this(code, message, null, null, null);
  }

  /**
   * The warning that a result is partial.
   *
   * @param processed how many items it contains, or null if unknown
   * @param total how many items there are in total, or null if unknown
   */
  public static AnswerWarning partial(@Nullable Long processed, @Nullable Long total) {
    Long remaining = processed == null || total == null ? null : Math.max(0, total - processed);
    StringBuilder message = new StringBuilder("This covers only what was done before the stop");
    if (processed != null) {
      message.append(": ").append(processed);
      message.append(total == null ? " done" : " of " + total + " done");
    }
    message.append(". Call the tool again for the rest, with less work or a longer time-out.");
    return new AnswerWarning(PARTIAL_RESULT, message.toString(), processed, total, remaining);
  }

  static AnswerWarning timeoutNear(Timing timing) {
    return new AnswerWarning(
        TIMEOUT_NEAR,
        String.format(
            Locale.ROOT,
            "The call used %.1f s of its time-out of %.1f s. Ask for less work next time, or for a"
                + " longer time-out.",
            timing.elapsedSeconds(),
            timing.timeoutSeconds()));
  }
}
