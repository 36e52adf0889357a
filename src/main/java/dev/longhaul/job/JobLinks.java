package dev.longhaul.job;

import org.jspecify.annotations.Nullable;

/**
 * What else a job belongs to.
 *
 * @param replayOf the dead job that it tries again, or null
 * @param replayedBy the job that tries this dead one again, or null
 * @param flow its place in a batch or chain, or null
 */
public record JobLinks(
    @Nullable JobId replayOf, @Nullable JobId replayedBy, @Nullable FlowRef flow) {
  public static final JobLinks NONE = new JobLinks(null, null, null);
}
