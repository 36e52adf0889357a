package dev.longhaul.intake;

import static dev.longhaul.intake.QueueAnswers.owned;
import static dev.longhaul.intake.QueueAnswers.translated;

import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.queue.JobFilter;
import dev.longhaul.queue.JobPage;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.QueueAdmin;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Implements {@link DeadLetters} on the queue. A caller can only see and change its own jobs. */
final class StoredDeadLetters implements DeadLetters {
  private static final Fate UNKNOWN = new Fate(Done.UNKNOWN, null);
  private static final Fate NOT_DEAD = new Fate(Done.NOT_DEAD, null);
  private static final Fate DROPPED = new Fate(Done.DROPPED, null);

  private final JobQueue queue;
  private final QueueAdmin admin;
  private final UnaryOperator<String> toolIds;

  /**
   * @param toolIds the identity of a tool by its name
   */
  StoredDeadLetters(JobQueue queue, QueueAdmin admin, UnaryOperator<String> toolIds) {
    this.queue = queue;
    this.admin = admin;
    this.toolIds = toolIds;
  }

  @Override
  public JobPage list(Caller caller, @Nullable String tool, @Nullable String cursor, int limit) {
    String id = tool == null ? null : toolIds.apply(tool);
    try {
      return translated(
          () -> admin.deadLetters(new JobFilter(caller.owner(), null, id, cursor, limit)));
    } catch (IllegalArgumentException e) {
      throw new IntakeException(new Refusal.BadRequest(e.getMessage() + "."));
    }
  }

  @Override
  public Job replay(Caller caller, JobId id) {
    Job dead = dead(caller, id);
    return translated(() -> {
      JobId replay = admin.replay(List.of(id)).get(id);
      if (replay == null) {
        throw gone(dead);
      }
      return owned(caller, queue.find(replay), replay);
    });
  }

  @Override
  public Map<String, Fate> replay(Caller caller, List<String> ids) {
    return fates(
        caller,
        ids,
        dead -> {
          Map<JobId, JobId> replays = admin.replay(dead);
          return id -> {
            JobId replay = replays.get(id);
            return replay == null ? UNKNOWN : new Fate(Done.REPLAYED, replay);
          };
        });
  }

  @Override
  public Replayed replayAll(Caller caller, String tool, @Nullable String cursor) {
    JobPage page = list(caller, tool, cursor, MOST);
    List<String> ids =
        page.jobs().stream()
            .filter(job -> job.links().replayedBy() == null)
            .map(job -> job.id().value())
            .toList();
    return new Replayed(replay(caller, ids), page.nextCursor());
  }

  @Override
  public void drop(Caller caller, JobId id) {
    Job dead = dead(caller, id);
    if (translated(() -> admin.drop(List.of(id))).isEmpty()) {
      throw gone(dead);
    }
  }

  @Override
  public Map<String, Fate> drop(Caller caller, List<String> ids) {
    return fates(
        caller,
        ids,
        dead -> {
          Set<JobId> dropped = admin.drop(dead);
          return id -> dropped.contains(id) ? DROPPED : UNKNOWN;
        });
  }

  private Job dead(Caller caller, JobId id) {
    Job job = translated(() -> owned(caller, queue.find(id), id));
    if (job.state() != JobState.DEAD) {
      throw new IntakeException(new Refusal.NotDead(id, job.state()));
    }
    return job;
  }

  // The job was dead before, and dead jobs never change their state: it was dropped since.
  private static IntakeException gone(Job job) {
    return new IntakeException(new Refusal.UnknownJob(job.id().value()));
  }

  /**
   * Applies an action to those of the jobs that are dead, in one step.
   *
   * @param action receives the dead jobs and returns a function from each to its result
   */
  private Map<String, Fate> fates(
      Caller caller, List<String> ids, Function<List<JobId>, Function<JobId, Fate>> action) {
    Map<String, Fate> fates = new LinkedHashMap<>();
    List<JobId> dead = new ArrayList<>();
    for (String text : new LinkedHashSet<>(ids)) {
      Optional<Job> job =
          JobId.isValid(text)
              ? translated(() -> queue.find(new JobId(text)))
                  .filter(found -> found.owner().equals(caller.owner()))
              : Optional.empty();
      fates.put(text, job.isEmpty() ? UNKNOWN : NOT_DEAD);
      job.filter(found -> found.state() == JobState.DEAD).ifPresent(found -> dead.add(found.id()));
    }
    if (!dead.isEmpty()) {
      Function<JobId, Fate> done = translated(() -> action.apply(dead));
      dead.forEach(id -> fates.put(id.value(), done.apply(id)));
    }
    return fates;
  }
}
