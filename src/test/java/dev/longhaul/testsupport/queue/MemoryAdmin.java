package dev.longhaul.testsupport.queue;

import dev.longhaul.job.JobId;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.JobState;
import dev.longhaul.queue.JobFilter;
import dev.longhaul.queue.JobPage;
import dev.longhaul.queue.QueueAdmin;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The operator's side of the queue in memory. */
final class MemoryAdmin implements QueueAdmin {
  private final Store store;
  private final Upkeep upkeep;

  MemoryAdmin(Store store, Upkeep upkeep) {
    this.store = store;
    this.upkeep = upkeep;
  }

  @Override
  public List<QueueView> queues() {
    return store.locked(() -> store.lines.all().stream().map(this::view).toList());
  }

  @Override
  public Optional<QueueView> queue(String name) {
    return store.locked(() -> Optional.ofNullable(store.lines.find(name)).map(this::view));
  }

  private QueueView view(Line line) {
    return new QueueView(
        line.name, line.state, line.lengths(), line.heldBack, line.oldest(store.now()));
  }

  @Override
  public Map<String, ToolUse> toolUse(Collection<String> tools) {
    return store.locked(() -> {
      Map<String, ToolUse> use = new LinkedHashMap<>();
      tools.forEach(tool -> use.put(tool, store.gates.use(tool)));
      return use;
    });
  }

  @Override
  public void pause(String name) {
    set(name, QueueState.PAUSED);
  }

  @Override
  public void drain(String name) {
    set(name, QueueState.DRAINING);
  }

  @Override
  public void resume(String name) {
    set(name, QueueState.ACTIVE);
  }

  private void set(String name, QueueState state) {
    var _ =
        store.locked(() -> {
          store.lines.line(name).state = state;
          store.lines.wake(name);
          return true;
        });
  }

  @Override
  public JobPage deadLetters(JobFilter filter) {
    return store.locked(() -> store.dead.page(filter, job -> job.state == JobState.DEAD));
  }

  @Override
  public Map<JobId, JobId> replay(List<JobId> ids) {
    return store.locked(() -> {
      Map<JobId, JobId> replays = new LinkedHashMap<>();
      for (JobId id : ids) {
        JobId replay = replay(store.find(id));
        if (replay != null) {
          replays.put(id, replay);
        }
      }
      return replays;
    });
  }

  private @Nullable JobId replay(@Nullable StoredJob dead) {
    if (dead == null || dead.state != JobState.DEAD) {
      return null;
    }
    if (dead.replayedBy != null && store.find(dead.replayedBy) != null) {
      return dead.replayedBy;
    }
    StoredJob again = store.create(store.newId(), again(dead.request), dead.id);
    store.lines.place(again);
    store.list(again);
    dead.replayedBy = again.id;
    return again.id;
  }

  // At once, as a job of its own, and for as long as the first one might be tried.
  private static JobRequest again(JobRequest dead) {
    return new JobRequest(
        dead.method(),
        dead.tool(),
        dead.params(),
        dead.owner(),
        dead.queue(),
        dead.priority(),
        Duration.ZERO,
        false,
        dead.timeout(),
        dead.delay().plus(dead.retryUntil()),
        dead.retry(),
        dead.metadata(),
        new JobRequest.Options(
            null,
            dead.limits(),
            // A callback asks its batch or chain how that stands, also when it is tried again.
            dead.flow() != null && dead.flow().index() < 0 ? dead.flow() : null,
            dead.notification()));
  }

  @Override
  public Set<JobId> drop(List<JobId> ids) {
    return store.locked(() -> {
      Set<JobId> dropped = new HashSet<>();
      for (JobId id : ids) {
        StoredJob job = store.find(id);
        if (job != null && job.state == JobState.DEAD) {
          upkeep.delete(job);
          dropped.add(id);
        }
      }
      return dropped;
    });
  }

  /** None: what belongs to a job goes with the job. */
  @Override
  public List<String> leftovers(int limit) {
    return List.of();
  }
}
