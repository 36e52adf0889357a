package dev.longhaul.testsupport.queue;

import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.queue.JobFilter;
import dev.longhaul.queue.JobPage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Jobs in the order in which they were added; a place in it stays true when more are added. */
final class Listing {
  private static final String CURSOR = "n";

  private final Store store;
  private final NavigableMap<Long, JobId> ids = new TreeMap<>();
  private long next;

  Listing(Store store) {
    this.store = store;
  }

  void add(JobId id) {
    ids.put(next++, id);
  }

  /** The newest first, of those that the filter lets pass. */
  JobPage page(JobFilter filter, Predicate<StoredJob> wanted) {
    List<Job> jobs = new ArrayList<>();
    long from = place(filter.cursor());
    Map.Entry<Long, JobId> at = ids.lowerEntry(from);
    while (at != null && jobs.size() < filter.limit()) {
      StoredJob job = store.find(at.getValue());
      if (job == null) {
        ids.remove(at.getKey()); // forgotten meanwhile
      } else if (matches(job, filter) && wanted.test(job)) {
        jobs.add(job.view());
      }
      from = at.getKey();
      at = ids.lowerEntry(from);
    }
    return new JobPage(jobs, at == null ? null : CURSOR + Long.toString(from, 36));
  }

  private static boolean matches(StoredJob job, JobFilter filter) {
    return job.request.owner().equals(filter.owner())
        && (filter.tool() == null || filter.tool().equals(job.request.tool()))
        && (filter.method() == null || filter.method().equals(job.request.method()));
  }

  private static long place(@Nullable String cursor) {
    if (cursor == null) {
      return Long.MAX_VALUE;
    }
    try {
      if (cursor.startsWith(CURSOR)) {
        return Long.parseLong(cursor.substring(CURSOR.length()), 36);
      }
    } catch (NumberFormatException e) {
      throw notOurs(e);
    }
    throw notOurs(null);
  }

  private static IllegalArgumentException notOurs(@Nullable Exception cause) {
    return new IllegalArgumentException(
        "not a cursor of a listing: take next_cursor as given", cause);
  }
}
