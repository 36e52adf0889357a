package dev.longhaul.rest;

import dev.longhaul.intake.DeadLetters.Fate;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The outcome of an operation on many dead letters. */
@Schema(name = "DeadLetterOutcomes", description = "What became of each dead letter.")
@Answer
record DeadLetterFates(
    @Schema(description = "In the order of the request.") List<One> outcomes,
    @Schema(
            description =
                "Of a request by tool: send it again with this as cursor for those that are left;"
                    + " null when none is.")
        @Nullable String nextCursor) {

  /** The outcome for one dead letter. */
  @Schema(name = "DeadLetterOutcome", description = "What became of one dead letter.")
  @Answer
  record One(
      String id,
      @Schema(
              description =
                  "not_dead: the job is in another state; unknown: it never existed, was deleted"
                      + " or is forgotten.",
              allowableValues = {"replayed", "dropped", "not_dead", "unknown"})
          String outcome,
      @Schema(description = "The new job, if it was replayed.") @Nullable String jobId) {}

  static DeadLetterFates of(Map<String, Fate> fates, @Nullable String nextCursor) {
    return new DeadLetterFates(
        fates.entrySet().stream().map(fate -> one(fate.getKey(), fate.getValue())).toList(),
        nextCursor);
  }

  private static One one(String id, Fate fate) {
    return new One(
        id,
        fate.done().name().toLowerCase(Locale.ROOT),
        fate.job() == null ? null : fate.job().value());
  }
}
