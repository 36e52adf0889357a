package dev.longhaul.job;

import org.jspecify.annotations.Nullable;

/**
 * The relations of a job to other jobs.
 *
 * @param replayOf the dead job that it replays, or null
 * @param replayedBy the job that replays this dead one, or null
 * @param flow its position in a batch or chain, or null
 */
public record JobLinks(
    @Nullable JobId replayOf, @Nullable JobId replayedBy, @Nullable FlowRef flow) {
  public static final JobLinks NONE = new JobLinks(null, null, null);
}
