package dev.longhaul.intake.flow;

import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * The state and outcome of one job of a batch or chain.
 *
 * @param index its index, counted from 0
 * @param state its state, or null if the job has expired
 * @param outcome its outcome; null if it has not ended, or the outcome has expired
 */
public record FlowResult(
    int index, JobId id, @Nullable JobState state, @Nullable Outcome outcome) {}
