package dev.longhaul.queue;

import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import org.jspecify.annotations.Nullable;

/**
 * One child of a batch or chain.
 *
 * @param index its index, counted from 0
 * @param id its job
 * @param state the job's state, or null if it is not stored yet or has expired
 * @param end how it was counted, or null if it has not ended
 */
public record FlowChild(int index, JobId id, @Nullable JobState state, @Nullable End end) {
  /** How a child's end is counted. */
  public enum End {
    COMPLETED,
    FAILED,
    CANCELLED
  }
}
