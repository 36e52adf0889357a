package dev.longhaul.tool;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.longhaul.job.JobError;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A tool's result in a form for models: a summary in a sentence, the data, and warnings. A tool
 * method returns it instead of a plain result; it becomes the structured content and, as JSON with
 * the summary first, the text of the result. Longhaul adds the timing.
 *
 * <pre>{@code
 * // @McpTool(name = "count_words", generateOutputSchema = true)
 * ToolAnswer<Words> countWords(String text) {
 *   Words words = Words.of(text);
 *   return ToolAnswer.of(words.total() + " words, " + words.distinct() + " different.", words)
 *       .count("words", words.total());
 * }
 * }</pre>
 *
 * <p>It can be passed to {@link JobContext#partial} as well; then a warning says that it is
 * partial.
 *
 * @param <T> the data, anything Jackson can write
 * @param summary the result in a sentence or two
 * @param data the result for programs, or null if there is none
 * @param counts notable numbers by name
 * @param errors what has failed, and the remedy; without data the call itself has failed
 * @param warnings warnings about the data
 * @param timing how long it took; set by Longhaul
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"summary", "data", "counts", "errors", "warnings", "timing"})
public record ToolAnswer<T>(
    @JsonProperty("summary") String summary,
    @JsonProperty(value = "data", required = false) @Nullable T data,
    @JsonProperty(value = "counts", required = false) @JsonInclude(JsonInclude.Include.NON_EMPTY)
        Map<String, Long> counts,
    @JsonProperty(value = "errors", required = false) @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<JobError> errors,
    @JsonProperty(value = "warnings", required = false) @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<AnswerWarning> warnings,
    @JsonProperty(value = "timing", required = false) @Nullable Timing timing) {

  /** Keeps the order of the counts. */
  public ToolAnswer {
    Objects.requireNonNull(summary, "summary");
    if (summary.isBlank()) {
      throw new IllegalArgumentException("summary is empty; say in a sentence what came out.");
    }
    counts = Collections.unmodifiableMap(new LinkedHashMap<>(counts));
    errors = List.copyOf(errors);
    warnings = List.copyOf(warnings);
  }

  /**
   * An answer with data.
   *
   * @param summary the result in a sentence or two
   */
  public static <T> ToolAnswer<T> of(String summary, T data) {
    return new ToolAnswer<>(summary, data, Map.of(), List.of(), List.of(), null);
  }

  /**
   * An answer for a permanent failure; the client gets {@code isError}. Throw an exception for a
   * failure that should be retried.
   */
  public static <T> ToolAnswer<T> failed(String summary, JobError error) {
    return new ToolAnswer<>(summary, null, Map.of(), List.of(error), List.of(), null);
  }

  /** A copy with another count. */
  public ToolAnswer<T> count(String name, long number) {
    Map<String, Long> more = new LinkedHashMap<>(counts);
    more.put(name, number);
    return new ToolAnswer<>(summary, data, more, errors, warnings, timing);
  }

  /**
   * A copy with another error.
   *
   * @param code a stable upper-case code
   * @param type the kind of failure, such as {@code network}
   * @param message what happened
   * @param remediation what to do about it
   */
  public ToolAnswer<T> error(String code, String type, String message, String remediation) {
    return new ToolAnswer<>(
        summary,
        data,
        counts,
        and(errors, new JobError(code, type, message, remediation)),
        warnings,
        timing);
  }

  /**
   * A copy with another warning.
   *
   * @param code a stable upper-case code
   */
  public ToolAnswer<T> warning(String code, String message) {
    return warning(new AnswerWarning(code, message));
  }

  /** A copy with another warning. */
  public ToolAnswer<T> warning(AnswerWarning warning) {
    return new ToolAnswer<>(summary, data, counts, errors, and(warnings, warning), timing);
  }

  /** A copy with its timing, and a warning if more than 80 % of the time-out was used. */
  public ToolAnswer<T> timed(Timing taken) {
    List<AnswerWarning> known =
        taken.scarce() ? and(warnings, AnswerWarning.timeoutNear(taken)) : warnings;
    return new ToolAnswer<>(summary, data, counts, errors, known, taken);
  }

  /** A copy that is marked as partial. */
  public ToolAnswer<T> partial(@Nullable Long processed, @Nullable Long total, Timing taken) {
    return warning(AnswerWarning.partial(processed, total)).timed(taken);
  }

  private static <E> List<E> and(List<E> list, E more) {
    List<E> all = new ArrayList<>(list);
    all.add(more);
    return all;
  }
}
