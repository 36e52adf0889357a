package dev.longhaul.intake;

import dev.longhaul.catalog.ResultValue;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobError;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Partial;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Converts the result of a job to a Java object. */
final class TypedResult {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Job job;
  private final ResultValue value;

  private TypedResult(Job job, ResultValue value) {
    this.job = job;
    this.value = value;
  }

  /**
   * The result of a job that ended with this outcome.
   *
   * @throws JobFailedException if there is none
   */
  static TypedResult of(Job job, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Answered answered -> {
        ResultValue value = ResultValue.of((ObjectNode) JSON.readTree(answered.json()));
        if (answered.isError()) {
          throw failed(job, outcome, toolError(value), null);
        }
        yield new TypedResult(job, value);
      }
      case Outcome.Refused refused ->
          throw failed(job, outcome, JobError.refused(refused.message()), null);
      case Outcome.Failed failed -> throw failed(job, outcome, failed.error(), failed.partial());
      case Outcome.GivenUp dead -> throw failed(job, outcome, dead.error(), dead.partial());
      case Outcome.Cancelled cancelled ->
          throw failed(job, outcome, JobError.cancelled(), cancelled.partial());
    };
  }

  <T> T as(Class<T> type) {
    JsonNode read = node(JSON.constructType(type));
    return fitting(type.getTypeName(), () -> JSON.convertValue(read, type));
  }

  <T> T as(TypeReference<T> type) {
    JsonNode read = node(JSON.constructType(type));
    return fitting(type.getType().getTypeName(), () -> JSON.convertValue(read, type));
  }

  // For a String the text is returned unchanged: "4711" and "true" are not parsed.
  private JsonNode node(JavaType type) {
    if (!type.hasRawClass(String.class)) {
      return value.value();
    }
    JsonNode text = value.text();
    return text.isString() ? text : JSON.getNodeFactory().stringNode(text.toString());
  }

  private <T> T fitting(String type, Supplier<T> conversion) {
    try {
      return conversion.get();
    } catch (JacksonException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "The result of job "
              + job.id()
              + " is no "
              + type
              + "; ask for a type that fits it, or for a JsonNode to look at it.",
          e);
    }
  }

  private static JobFailedException failed(
      Job job, Outcome outcome, JobError error, @Nullable Partial partial) {
    return new JobFailedException(job.id(), outcome.state(), error, partial);
  }

  private static JobError toolError(ResultValue value) {
    String text = value.text().isString() ? value.text().asString() : value.text().toString();
    return new JobError(
        JobError.TOOL_FAILED,
        "is_error",
        text,
        "The tool itself says what is wrong; correct the arguments and call it again.");
  }
}
