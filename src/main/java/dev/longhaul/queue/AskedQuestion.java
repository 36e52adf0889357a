package dev.longhaul.queue;

import dev.longhaul.job.OpenQuestion;
import org.jspecify.annotations.Nullable;

/**
 * A question of a job's tool, with its answer.
 *
 * @param identity identifies the same question in a later attempt: a digest of its content and of
 *     how often it was asked before
 * @param answer the client's result as JSON, or null if there is none yet
 */
public record AskedQuestion(OpenQuestion question, String identity, @Nullable String answer) {}
