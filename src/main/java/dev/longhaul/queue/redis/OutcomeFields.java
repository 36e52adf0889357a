package dev.longhaul.queue.redis;

import dev.longhaul.job.JobError;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Partial;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * An outcome as fields of the result hash: {@code k} kind (a answered, x refused, f failed, g given
 * up, c cancelled), {@code d} the result, {@code i} 1 if it is an error, {@code c m dd} code,
 * message and data of a JSON-RPC error, {@code p pn pt} a partial result with its counts.
 */
final class OutcomeFields {
  /**
   * Up to how many characters a result is small: it is stored in its job's hash and lives as long
   * as the job's status. A larger one has a hash of its own, with the time to live of results.
   */
  static final int SMALL = 4096;

  private static final TypeReference<List<String>> LIST = new TypeReference<>() {};
  private static final String ANSWERED = "a";
  private static final String OTHER = "j";

  private OutcomeFields() {}

  /**
   * A small result as one text: {@code a}, 1 if it is an error else 0, and the result; or {@code j}
   * and the fields as a JSON array.
   *
   * @param fields as {@link #write} returns them
   */
  static String pack(List<String> fields, JsonMapper json) {
    return fields.get(1).equals(ANSWERED)
        ? ANSWERED + fields.get(5) + fields.get(3)
        : OTHER + json.writeValueAsString(fields);
  }

  /** The fields of a small result. */
  static Map<String, String> unpack(String text, JsonMapper json) {
    if (text.startsWith(ANSWERED)) {
      return Map.of("k", ANSWERED, "d", text.substring(2), "i", text.substring(1, 2));
    }
    List<String> fields = json.readValue(text.substring(1), LIST);
    Map<String, String> map = new HashMap<>();
    for (int i = 0; i < fields.size(); i += 2) {
      map.put(fields.get(i), fields.get(i + 1));
    }
    return map;
  }

  static List<String> write(Outcome outcome) {
    List<String> fields = new ArrayList<>();
    switch (outcome) {
      case Outcome.Answered(String json, boolean isError) ->
          fields.addAll(List.of("k", "a", "d", json, "i", isError ? "1" : "0"));
      case Outcome.Refused(int code, String message, String data) -> {
        fields.addAll(List.of("k", "x", "c", Integer.toString(code), "m", message));
        if (data != null) {
          fields.addAll(List.of("dd", data));
        }
      }
      case Outcome.Failed(JobError ignored, Partial partial) -> {
        fields.addAll(List.of("k", "f"));
        fields.addAll(write(partial));
      }
      case Outcome.GivenUp(JobError ignored, Partial partial) -> {
        fields.addAll(List.of("k", "g"));
        fields.addAll(write(partial));
      }
      case Outcome.Cancelled(Partial partial) -> {
        fields.addAll(List.of("k", "c"));
        fields.addAll(write(partial));
      }
    }
    return fields;
  }

  static List<String> write(@Nullable Partial partial) {
    if (partial == null) {
      return List.of();
    }
    List<String> fields = new ArrayList<>(List.of("p", partial.json()));
    if (partial.processed() != null) {
      fields.addAll(List.of("pn", Long.toString(partial.processed())));
    }
    if (partial.total() != null) {
      fields.addAll(List.of("pt", Long.toString(partial.total())));
    }
    return fields;
  }

  /**
   * @param fields the result hash
   * @param error the error in the job's hash
   */
  static Outcome read(Map<String, String> fields, @Nullable JobError error) {
    String kind = Objects.requireNonNullElse(fields.get("k"), "");
    return switch (kind) {
      case "a" -> new Outcome.Answered(required(fields, "d"), "1".equals(fields.get("i")));
      case "x" ->
          new Outcome.Refused(
              Integer.parseInt(required(fields, "c")), required(fields, "m"), fields.get("dd"));
      case "f" -> new Outcome.Failed(requireError(error), partial(fields));
      case "g" -> new Outcome.GivenUp(requireError(error), partial(fields));
      case "c" -> new Outcome.Cancelled(partial(fields));
      default -> throw new IllegalStateException("unknown kind of result '" + kind + "'");
    };
  }

  private static JobError requireError(@Nullable JobError error) {
    return error != null ? error : JobError.outcomeUnknown();
  }

  static @Nullable Partial partial(Map<String, String> fields) {
    String json = fields.get("p");
    return json == null ? null : new Partial(json, number(fields, "pn"), number(fields, "pt"));
  }

  private static @Nullable Long number(Map<String, String> fields, String name) {
    String text = fields.get(name);
    return text == null ? null : Long.valueOf(text);
  }

  private static String required(Map<String, String> fields, String name) {
    return Objects.requireNonNull(fields.get(name), () -> "result without field " + name);
  }
}
