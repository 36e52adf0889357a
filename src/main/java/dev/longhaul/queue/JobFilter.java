package dev.longhaul.queue;

import dev.longhaul.job.JobState;
import org.jspecify.annotations.Nullable;

/**
 * Which jobs to list.
 *
 * @param owner whose jobs
 * @param state only those in this state, or null for all
 * @param tool only calls of this tool, or null for all
 * @param method only jobs of this method, or null for all
 * @param cursor the cursor from the previous page, or null for the first page
 * @param limit how many at most, 1 to 500
 */
public record JobFilter(
    String owner,
    @Nullable JobState state,
    @Nullable String tool,
    @Nullable String method,
    @Nullable String cursor,
    int limit) {
  public static final int MAX_LIMIT = 500;

  public JobFilter {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException("limit must be 1 to " + MAX_LIMIT + ", not " + limit);
    }
  }

  /** Jobs of every method. */
  public JobFilter(
      String owner,
      @Nullable JobState state,
      @Nullable String tool,
      @Nullable String cursor,
      int limit) {
    this(owner, state, tool, null, cursor, limit);
  }

  /** The same, but only jobs in this state. */
  public JobFilter in(JobState only) {
    return new JobFilter(owner, only, tool, method, cursor, limit);
  }
}
