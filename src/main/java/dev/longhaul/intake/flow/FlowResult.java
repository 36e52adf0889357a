package dev.longhaul.intake.flow;

import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * One job of a batch or chain and how it ended.
 *
 * @param index its place, counted from 0
 * @param state where it stands, or null if it is forgotten
 * @param outcome how it ended; null while it has not, or when that is forgotten
 */
public record FlowResult(
    int index, JobId id, @Nullable JobState state, @Nullable Outcome outcome) {}
