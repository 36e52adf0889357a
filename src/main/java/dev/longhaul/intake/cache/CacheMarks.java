package dev.longhaul.intake.cache;

import dev.longhaul.job.Outcome;
import dev.longhaul.queue.AnswerStore.Kept;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What the cache writes into {@code _meta} of an answer: that it was kept, and for how long. */
final class CacheMarks {
  private static final String CACHED = "dev.longhaul/cached";
  private static final String AGE = "dev.longhaul/cache_age_seconds";

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
}
