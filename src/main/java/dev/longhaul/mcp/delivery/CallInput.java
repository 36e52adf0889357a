package dev.longhaul.mcp.delivery;

import dev.longhaul.job.JobId;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a client of 2026-07-28 sends when it repeats a request that was answered with questions
 * (basic/patterns/mrtr).
 *
 * @param answers its results by key, those of earlier rounds included
 * @param job the job that asked and is to go on, or null
 * @param firstUse whether the answers are used for the first time, asked just before a tool that
 *     may not run twice gets them
 * @param repeated whether it is such a repetition: it brought the requestState that it was given
 */
public record CallInput(
    Map<String, JsonNode> answers,
    @Nullable JobId job,
    BooleanSupplier firstUse,
    boolean repeated) {
  public static final CallInput NONE = new CallInput(Map.of(), null, () -> true, false);

  public CallInput {
    answers = Map.copyOf(answers);
  }
}
