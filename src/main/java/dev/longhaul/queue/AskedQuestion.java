package dev.longhaul.queue;

import dev.longhaul.job.OpenQuestion;
import org.jspecify.annotations.Nullable;

/**
 * A question of a job's tool, with what became of it.
 *
 * @param identity tells whether a later attempt asks the same: a digest of what is asked and of how
 *     often that was asked before
 * @param answer the client's result as JSON, or null if there is none yet
 */
public record AskedQuestion(OpenQuestion question, String identity, @Nullable String answer) {}
