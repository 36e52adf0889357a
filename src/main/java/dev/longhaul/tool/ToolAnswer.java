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
 * A tool's answer, made for a model: what came out in a sentence, the data, and what to know about
 * it. A tool method returns it in place of its plain result; all of it becomes the text of the
 * answer, as JSON with the summary first, and the structured content, and Longhaul adds the timing.
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
 * <p>It goes into {@link JobContext#partial} as well: then it says that it is partial, and who
 * cancels the call gets it so.
 *
 * @param <T> the data, anything Jackson can write
 * @param summary the answer in a sentence or two
 * @param data the answer for a program, or null if there is none
 * @param counts numbers worth naming, by name
 * @param errors what did not work, and what to do about it; with no data, the call itself failed
 * @param warnings what to know about the data
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
   * An answer.
   *
   * @param summary what came out, in a sentence or two
   */
  public static <T> ToolAnswer<T> of(String summary, T data) {
    return new ToolAnswer<>(summary, data, Map.of(), List.of(), List.of(), null);
  }

  /**
   * An answer that nothing came of and that another attempt would not change; the client sees
   * {@code isError}. For a failure worth another attempt throw an exception.
   */
  public static <T> ToolAnswer<T> failed(String summary, JobError error) {
    return new ToolAnswer<>(summary, null, Map.of(), List.of(error), List.of(), null);
  }

  /** With one more number worth naming. */
  public ToolAnswer<T> count(String name, long number) {
    Map<String, Long> more = new LinkedHashMap<>(counts);
    more.put(name, number);
    return new ToolAnswer<>(summary, data, more, errors, warnings, timing);
  }

  /**
   * With something that did not work.
   *
   * @param code a stable upper-case name
   * @param type what kind of failure it was, such as {@code network}
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
   * With something to know about the data.
   *
   * @param code a stable upper-case name
   */
  public ToolAnswer<T> warning(String code, String message) {
    return warning(new AnswerWarning(code, message));
  }

  /** With something to know about the data. */
  public ToolAnswer<T> warning(AnswerWarning warning) {
    return new ToolAnswer<>(summary, data, counts, errors, and(warnings, warning), timing);
  }

  /** With its timing, and a warning if time was scarce. */
  public ToolAnswer<T> timed(Timing taken) {
    List<AnswerWarning> known =
        taken.scarce() ? and(warnings, AnswerWarning.timeoutNear(taken)) : warnings;
    return new ToolAnswer<>(summary, data, counts, errors, known, taken);
  }

  /** As what was done until the call was stopped. */
  public ToolAnswer<T> partial(@Nullable Long processed, @Nullable Long total, Timing taken) {
    return warning(AnswerWarning.partial(processed, total)).timed(taken);
  }

  private static <E> List<E> and(List<E> list, E more) {
    List<E> all = new ArrayList<>(list);
    all.add(more);
    return all;
  }
}
