package dev.longhaul.queue;

import dev.longhaul.job.Job;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a listing.
 *
 * @param jobs newest first
 * @param nextCursor the cursor for the next page, or null at the end
 */
public record JobPage(List<Job> jobs, @Nullable String nextCursor) {
  public JobPage {
    jobs = List.copyOf(jobs);
  }
}
