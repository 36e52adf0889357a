package dev.longhaul.queue;

import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import org.jspecify.annotations.Nullable;

/**
 * One child of a batch or chain.
 *
 * @param index its place, counted from 0
 * @param id its job
 * @param state where the job stands, or null if it is not stored yet or was forgotten
 * @param end as what it was counted, or null while it has not ended
 */
public record FlowChild(int index, JobId id, @Nullable JobState state, @Nullable End end) {
  /** How a child ended in the eyes of its flow. */
  public enum End {
    COMPLETED,
    FAILED,
    CANCELLED
  }
}
