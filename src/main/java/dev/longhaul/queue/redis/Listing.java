package dev.longhaul.queue.redis;

import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.queue.JobFilter;
import dev.longhaul.queue.JobPage;
import dev.longhaul.redis.Scripts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Lists an owner's jobs from all shards, newest first. The pages of the shards are merged by the
 * time in the ids; the cursor has a position in each shard, so that jobs are neither repeated nor
 * skipped when others are added.
 */
final class Listing {
  private final QueueConnections connections;
  private final RedisKeys keys;
  private final Shards shards;
  private final JobFields fields;

  Listing(QueueConnections connections, RedisKeys keys, Shards shards, JobFields fields) {
    this.connections = connections;
    this.keys = keys;
    this.shards = shards;
    this.fields = fields;
  }

  /** The owner's jobs. */
  JobPage page(JobFilter filter) {
    return page("o:" + RedisKeys.ownerIndex(filter.owner()), "", filter);
  }

  /** The owner's dead jobs, by the time of their end. */
  JobPage dead(JobFilter filter) {
    return page("dead", filter.owner(), filter.in(JobState.DEAD));
  }

  private JobPage page(String index, String owner, JobFilter filter) {
    ListCursor cursor = ListCursor.parse(filter.cursor(), shards.all());
    List<ShardPage> pages = read(index, owner, filter, cursor);
    List<Job> jobs = new ArrayList<>();
    while (jobs.size() < filter.limit()) {
      ShardPage next = newest(pages);
      if (next == null) {
        break;
      }
      jobs.add(next.take().job());
    }
    Map<Integer, ListCursor.Place> places = new TreeMap<>();
    for (ShardPage page : pages) {
      if (!page.isEmpty()) {
        places.put(page.shard, page.head().place());
      } else if (page.more) {
        places.put(page.shard, page.rest);
      }
    }
    return new JobPage(jobs, new ListCursor(places).text());
  }

  private List<ShardPage> read(String index, String owner, JobFilter filter, ListCursor cursor) {
    List<CompletableFuture<ShardPage>> sent = new ArrayList<>();
    cursor
        .places()
        .forEach((shard, place) -> {
          List<String> args =
              List.of(
                  index,
                  owner,
                  filter.state() == null ? "" : filter.state().wire(),
                  filter.tool() == null ? "" : filter.tool(),
                  place.hour(),
                  Long.toString(place.position()),
                  Integer.toString(filter.limit()),
                  filter.method() == null ? "" : FixedFields.stored(filter.method()));
          sent.add(
              Scripts.list(connections.shared(), Script.LIST, keys.tag(shard), args)
                  .thenApply(answer -> new ShardPage(shard, answer)));
        });
    return sent.stream().map(connections::await).toList();
  }

  /**
   * The page that begins with the newest job. Null if there is no job, or if a shard has searched
   * many jobs without a match, because its next matching job may be newer.
   */
  private static @Nullable ShardPage newest(List<ShardPage> pages) {
    if (pages.stream().anyMatch(page -> page.isEmpty() && page.more)) {
      return null;
    }
    return pages.stream()
        .filter(page -> !page.isEmpty())
        .max(Comparator.comparing(page -> page.head().job().id()))
        .orElse(null);
  }

  private static ListCursor.Place place(Object hour, Object position) {
    return new ListCursor.Place((String) hour, (Long) position);
  }

  private record Entry(Job job, ListCursor.Place place) {}

  /** The jobs that one shard has found, and the position after them. */
  private final class ShardPage {
    private final int shard;
    private final List<?> found;
    private final ListCursor.Place rest;
    private final boolean more;
    private int taken;
    private @Nullable Entry head;

    ShardPage(int shard, List<Object> answer) {
      this.shard = shard;
      this.rest = place(answer.get(0), answer.get(1));
      this.found = (List<?>) answer.get(2);
      this.more = !rest.hour().isEmpty();
    }

    boolean isEmpty() {
      return taken == found.size();
    }

    Entry head() {
      Entry known = head;
      if (known == null) {
        List<?> entry = (List<?>) found.get(taken);
        JobId id = new JobId((String) entry.get(0));
        Job job = fields.read(id, (List<?>) entry.get(3)).orElseThrow();
        known = new Entry(job, place(entry.get(1), entry.get(2)));
        head = known;
      }
      return known;
    }

    Entry take() {
      Entry entry = head();
      taken++;
      head = null;
      return entry;
    }
  }
}
