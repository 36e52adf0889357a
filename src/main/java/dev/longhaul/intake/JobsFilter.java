package dev.longhaul.intake;

import dev.longhaul.job.JobState;
import dev.longhaul.queue.JobFilter;
import org.jspecify.annotations.Nullable;

/**
 * Which of a caller's jobs to list; fields that are null do not restrict the list.
 *
 * @param state only those in this state
 * @param tool only calls of this tool
 * @param method only jobs of this method
 * @param cursor {@code nextCursor} of the previous page, or null for the first page
 * @param limit the maximum number of jobs, 1 to 500
 */
public record JobsFilter(
    @Nullable JobState state,
    @Nullable String tool,
    @Nullable String method,
    @Nullable String cursor,
    int limit) {
  /** The first page of 50, without restriction. */
  public static final JobsFilter ALL = new JobsFilter(null, null, null, null, 50);

  public JobsFilter {
    if (limit < 1 || limit > JobFilter.MAX_LIMIT) {
      throw new IllegalArgumentException(
          "limit must be 1 to " + JobFilter.MAX_LIMIT + ", not " + limit);
    }
  }

  /** The same filter, but only jobs in this state. */
  public JobsFilter in(JobState only) {
    return new JobsFilter(only, tool, method, cursor, limit);
  }

  /** The same filter, but only calls of this tool. */
  public JobsFilter ofTool(String only) {
    return new JobsFilter(state, only, method, cursor, limit);
  }

  /** The same filter, but only jobs of this method. */
  public JobsFilter ofMethod(String only) {
    return new JobsFilter(state, tool, only, cursor, limit);
  }

  /** The same filter with the cursor of the next page. */
  public JobsFilter after(@Nullable String place) {
    return new JobsFilter(state, tool, method, place, limit);
  }

  /** The same filter with pages of this size. */
  public JobsFilter limit(int most) {
    return new JobsFilter(state, tool, method, cursor, most);
  }
}
