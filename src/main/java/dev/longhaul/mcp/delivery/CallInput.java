package dev.longhaul.mcp.delivery;

import dev.longhaul.job.JobId;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The answers with which a client of 2026-07-28 repeats a request whose result was a set of
 * questions (basic/patterns/mrtr).
 *
 * @param answers the client's answers by question key, including those of earlier rounds
 * @param job the job that asked and continues with the answers, or null for an inline tool
 * @param firstUse tells whether these answers are used for the first time; called just before they
 *     reach a tool that must not run twice
 * @param repeated whether the request brought back the requestState that this server had sent
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
