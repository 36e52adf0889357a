package dev.longhaul.intake.cache;

import dev.longhaul.intake.Submission;
import dev.longhaul.job.Outcome;
import dev.longhaul.queue.AnswerStore.Kept;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the cache writes beside what is others': in {@code _meta} of an answer that it was kept, and
 * in the stored params of a job which run it is.
 */
final class CacheMarks {
  private static final String CACHED = "dev.longhaul/cached";
  private static final String AGE = "dev.longhaul/cache_age_seconds";
  private static final String FIELD = "_cache";

  private final JsonMapper json;

  CacheMarks(JsonMapper json) {
    this.json = json;
  }

  /** The answer, marked as kept. */
  Outcome.Answered marked(Kept kept) {
    ObjectNode result = (ObjectNode) json.readTree(kept.json());
    ObjectNode meta =
        result.get("_meta") instanceof ObjectNode given ? given : result.putObject("_meta");
    meta.put(CACHED, true).put(AGE, kept.age().toMillis() / 1000.0);
    return new Outcome.Answered(json.writeValueAsString(result), false);
  }

  /**
   * A run that a job is.
   *
   * @param name as the store has it
   * @param variant of the call's answers, as the front door saw it
   * @param token whoever does not know it can do nothing with the rest
   */
  record Run(String name, String variant, String token) {}

  /** The same submission, whose job says that it is that run. */
  static Submission put(Submission submission, Run run) {
    ObjectNode params = submission.params().deepCopy();
    params
        .putObject(FIELD)
        .put("run", run.name())
        .put("variant", run.variant())
        .put("token", run.token());
    return new Submission(
        submission.caller(),
        submission.method(),
        params,
        submission.options(),
        submission.client());
  }

  /** The params of a stored job; null if they cannot be of such a run. */
  @Nullable ObjectNode params(String stored) {
    if (!stored.contains('"' + FIELD + '"')) {
      return null; // nearly all
    }
    try {
      return json.readTree(stored) instanceof ObjectNode params ? params : null;
    } catch (JacksonException e) {
      return null;
    }
  }

  /** Which run a job is, or null if none. */
  static @Nullable Run take(ObjectNode params) {
    JsonNode field = params.remove(FIELD);
    if (field == null) {
      return null;
    }
    String name = field.path("run").asString("");
    String variant = field.path("variant").asString("");
    String token = field.path("token").asString("");
    return name.isEmpty() || variant.isEmpty() || token.isEmpty()
        ? null
        : new Run(name, variant, token);
  }
}
