package dev.longhaul.queue.model;

import static dev.longhaul.queue.model.QueueModel.check;

import dev.longhaul.job.IdempotencyKey;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.Limits;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Priority;
import dev.longhaul.job.Rate;
import dev.longhaul.job.RetryPolicy;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.HandOff;
import dev.longhaul.queue.IdempotencyConflictException;
import dev.longhaul.queue.QueueDrainingException;
import dev.longhaul.queue.model.ModelJob.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The operations of front doors and operators. */
final class Producers {
  private static final int MOST_LIVE = 120;
  // So long that no token is added during a run.
  private static final Duration ALL_DAY = Duration.ofDays(1);
  private static final int MOST_ENDED = 200;

  private final ModelRun run;
  private List<JobRequest> lastKeyed = List.of();

  Producers(ModelRun run) {
    this.run = run;
  }

  void enqueue() {
    if (run.model.where(ModelJob::live).size() >= MOST_LIVE) {
      return;
    }
    List<JobRequest> requests = new ArrayList<>();
    for (int i = run.random.nextInt(4); i >= 0; i--) {
      requests.add(request());
    }
    run.did("enqueue", requests.size());
    enqueue(requests);
  }

  /** Stores a job in a process whose worker may have a free slot; the reply may be lost. */
  void submit() {
    if (run.model.where(ModelJob::live).size() >= MOST_LIVE) {
      return;
    }
    JobRequest request = request();
    boolean place = run.chance(0.8);
    boolean replyLost = run.chance(0.1);
    run.did("submit", place ? "a place" : "no place", replyLost ? "reply lost" : "");
    boolean conflict = conflicts(List.of(request));
    boolean drained = !conflict && drained(List.of(request));
    boolean waits = run.model.waiting(List.of(request.queue())) > 0;
    var places = new Places(place);
    Job stored;
    try (var _ = run.jobs.handTo(places)) {
      stored = run.jobs.submit(request, false);
    } catch (IdempotencyConflictException e) {
      check(conflict, "there is no conflict: %s", e.getMessage());
      check(places.handed == null, "a refused job was handed over");
      return;
    } catch (QueueDrainingException e) {
      check(drained, "nothing is drained: %s", e.getMessage());
      check(places.handed == null, "a refused job was handed over");
      return;
    }
    check(!conflict && !drained, "a job was stored that must be refused");
    check(places.open == 0, "%d places were not used or freed", places.open);
    IdempotencyKey key = request.idempotency();
    var known = run.model.keyed(key);
    if (known != null) {
      check(stored.id().equals(known.id()), "a known key was given %s", stored.id());
      check(places.handed == null, "a known job was handed over");
      return;
    }
    check(run.jobs.find(stored.id()).equals(Optional.of(stored)), "%s is not as stored", stored);
    run.model.add(new ModelJob(run.newNumber(), stored.id(), request));
    if (key != null) {
      run.model.keys.put(key.digest(), new QueueModel.Keyed(stored.id(), key.arguments()));
    }
    Claim handed = places.handed;
    if (handed != null) {
      check(!waits, "%s overtook a job that waits", stored.id());
      check(handed.id().equals(stored.id()), "%s was handed over for %s", handed, stored.id());
      run.model.claimed(List.of(handed), List.of(request.queue()));
      if (!replyLost) {
        run.keep(handed);
      }
    }
  }

  /** The worker of the process that stores a job. */
  private static final class Places implements HandOff {
    private final boolean any;
    private int open;
    private @Nullable Claim handed;

    Places(boolean any) {
      this.any = any;
    }

    @Override
    public Optional<HandOff.Place> place(JobRequest request) {
      if (!any) {
        return Optional.empty();
      }
      open++;
      return Optional.of(
          new HandOff.Place() {
            @Override
            public void run(Claim claim) {
              open--;
              handed = claim;
            }

            @Override
            public void free() {
              open--;
            }

            @Override
            public void giveBack(Claim claim) {
              throw new AssertionError("no reply was lost");
            }
          });
    }
  }

  /** Repeats the last submission, as after a lost reply; its keys prevent duplicates. */
  void enqueueAgain() {
    run.did("enqueue again", lastKeyed.size());
    if (!lastKeyed.isEmpty()) {
      enqueue(lastKeyed);
    }
  }

  private void enqueue(List<JobRequest> requests) {
    boolean conflict = conflicts(requests);
    boolean drained = !conflict && drained(requests);
    List<JobId> ids;
    try {
      ids = run.jobs.enqueue(requests);
    } catch (IdempotencyConflictException e) {
      check(conflict, "there is no conflict: %s", e.getMessage());
      return;
    } catch (QueueDrainingException e) {
      check(drained, "nothing is drained: %s", e.getMessage());
      return;
    }
    check(!conflict, "a key was taken with other arguments");
    check(!drained, "a queue that is drained took jobs");
    for (int i = 0; i < ids.size(); i++) {
      JobRequest request = requests.get(i);
      IdempotencyKey key = request.idempotency();
      var known = run.model.keyed(key);
      if (known != null) {
        check(ids.get(i).equals(known.id()), "a known key was given %s", ids.get(i));
        continue;
      }
      run.model.add(new ModelJob(run.newNumber(), ids.get(i), request));
      if (key != null) {
        run.model.keys.put(key.digest(), new QueueModel.Keyed(ids.get(i), key.arguments()));
      }
    }
    if (requests.stream().allMatch(request -> request.idempotency() != null)) {
      lastKeyed = requests;
    }
  }

  private boolean conflicts(List<JobRequest> requests) {
    Map<String, String> seen = new HashMap<>();
    for (JobRequest request : requests) {
      IdempotencyKey key = request.idempotency();
      if (key != null) {
        var known = run.model.keyed(key);
        String arguments = known == null ? seen.get(key.digest()) : known.arguments();
        if (arguments != null && !arguments.equals(key.arguments())) {
          return true;
        }
        seen.put(key.digest(), key.arguments());
      }
    }
    return false;
  }

  /** Whether some requests would go to a draining queue. */
  private boolean drained(List<JobRequest> requests) {
    Set<String> seen = new HashSet<>();
    for (JobRequest request : requests) {
      IdempotencyKey key = request.idempotency();
      boolean stored = key == null || (run.model.keyed(key) == null && seen.add(key.digest()));
      if (stored && !request.held() && run.model.draining.contains(request.queue())) {
        return true;
      }
    }
    return false;
  }

  private JobRequest request() {
    String tool =
        run.pick(
            List.of("free", "free", "free", "one", "three", ModelGates.METERED, ModelGates.SHAKY));
    return new JobRequest(
            "tools/call",
            tool,
            "{}",
            "owner" + run.random.nextInt(3),
            run.pick(ModelRun.QUEUES),
            new Priority(run.pick(List.of(20, 10, 0, -10))),
            run.chance(0.2) ? ModelRun.LATER : Duration.ZERO,
            run.chance(0.05),
            ModelRun.LATER,
            ModelRun.LATER,
            new RetryPolicy(3, RetryPolicy.DEFAULT_BACKOFF, run.chance(0.6)),
            Map.of())
        .within(run.chance(0.2))
        .limited(limits(tool))
        .keyed(
            run.chance(0.2)
                ? new IdempotencyKey(
                    "key" + run.random.nextInt(30), run.chance(0.8) ? "these" : "others")
                : null);
  }

  private static Limits limits(String tool) {
    Integer slots = QueueModel.SLOTS.get(tool);
    if (slots != null) {
      return new Limits(slots, null, null);
    }
    return tool.equals(ModelGates.METERED)
        ? new Limits(null, new Rate(ModelGates.CALLS, ALL_DAY), null)
        : Limits.NONE;
  }

  void cancel() {
    ModelJob job = anyJob();
    if (job != null) {
      run.did("cancel", job);
      var expected = job.cancel();
      var answer = run.jobs.cancel(job.id);
      check(answer == expected, "the cancel answered %s, not %s", answer, expected);
    }
  }

  void delete() {
    ModelJob job = anyJob();
    if (job != null) {
      boolean force = run.chance(0.5);
      run.did("delete", job, force);
      var expected = job.delete(force);
      var answer = run.jobs.delete(job.id, force);
      check(answer == expected, "the delete answered %s, not %s", answer, expected);
    }
  }

  void release() {
    List<ModelJob> held = run.model.at(Place.HELD);
    ModelJob job = held.isEmpty() || run.chance(0.2) ? anyJob() : run.pick(held);
    if (job != null) {
      run.did("release", job);
      var expected = job.release();
      var answer = run.jobs.release(job.id);
      check(answer == expected, "the release answered %s, not %s", answer, expected);
    }
  }

  void pauseOrResume() {
    String queue = run.pick(ModelRun.QUEUES);
    if (run.model.paused.add(queue)) {
      run.did("pause", queue);
      run.model.draining.remove(queue);
      run.redis.pause(queue);
    } else {
      resume(queue);
    }
  }

  void drainOrResume() {
    String queue = run.pick(ModelRun.QUEUES);
    if (run.model.draining.contains(queue)) {
      resume(queue);
    } else {
      run.did("drain queue", queue);
      run.model.paused.remove(queue);
      run.model.draining.add(queue);
      run.admin.drain(queue);
    }
  }

  void replay() {
    ModelJob job = anyDead();
    if (job == null) {
      return;
    }
    run.did("replay", job);
    JobId known = job.replayedBy;
    boolean again = known != null && run.model.get(known).place != Place.GONE;
    Map<JobId, JobId> answer = run.admin.replay(List.of(job.id));
    JobId by = answer.get(job.id);
    if (!job.dead()) {
      check(by == null, "%s was replayed", job);
    } else if (again) {
      check(Objects.equals(by, known), "%s was replayed twice", job);
    } else {
      check(by != null, "%s was not replayed", job);
      JobRequest request = Objects.requireNonNull(job.request);
      run.model.add(new ModelJob(run.newNumber(), Objects.requireNonNull(by), again(request)));
      job.replayedBy = by;
    }
  }

  private static JobRequest again(JobRequest first) {
    return new JobRequest(
            first.method(),
            first.tool(),
            first.params(),
            first.owner(),
            first.queue(),
            first.priority(),
            Duration.ZERO,
            false,
            first.timeout(),
            first.retryUntil(),
            first.retry(),
            first.metadata())
        .within(first.deadline())
        .limited(first.limits());
  }

  void drop() {
    ModelJob job = anyDead();
    if (job != null) {
      run.did("drop", job);
      boolean dead = job.dead();
      check(
          run.admin.drop(List.of(job.id)).equals(dead ? Set.of(job.id) : Set.of()),
          "the drop of %s answered something else",
          job);
      if (dead) {
        job.forget();
      }
    }
  }

  private @Nullable ModelJob anyDead() {
    List<ModelJob> dead = run.model.where(ModelJob::dead);
    return dead.isEmpty() || run.chance(0.2) ? anyJob() : run.pick(dead);
  }

  void resume(String queue) {
    run.did("resume", queue);
    run.model.paused.remove(queue);
    run.model.draining.remove(queue);
    run.redis.resume(queue);
  }

  void detach() {
    ModelJob job = anyJob();
    if (job != null) {
      run.did("detach", job);
      Optional<Job> found = run.jobs.detach(job.id, run.chance(0.5) ? ModelRun.LATER : null);
      check(found.isPresent() == (job.place != Place.GONE), "detach found %s", found);
    }
  }

  void read() {
    ModelJob job = anyJob();
    if (job != null) {
      run.did("read", job);
      compare(job);
    }
  }

  /** Reads a job through the port and compares it. */
  void compare(ModelJob job) {
    Optional<Job> found = run.jobs.find(job.id);
    Optional<Outcome> outcome = run.jobs.outcome(job.id);
    check(found.isPresent() == (job.place != Place.GONE), "%s is %s", job, found);
    found.ifPresent(read -> {
      check(read.state() == job.state(), "%s is read as %s", job, read.state());
      check(read.attempt() == job.attempts, "%s has %d attempts", job, read.attempt());
    });
    check(same(outcome.orElse(null), job), "%s ended with %s", job, outcome);
  }

  private static boolean same(@Nullable Outcome read, ModelJob job) {
    if (job.place != Place.ENDED) {
      return read == null;
    }
    if (read instanceof Outcome.GivenUp given
        && job.outcome instanceof Outcome.GivenUp expected
        && given.error().code().equals(JobError.POISON)) {
      return expected.error().code().equals(JobError.POISON);
    }
    if (read instanceof Outcome.Failed failed
        && job.outcome instanceof Outcome.Failed expected
        && failed.error().code().equals(JobError.DEADLINE_EXCEEDED)) {
      return expected.error().code().equals(JobError.DEADLINE_EXCEEDED)
          && Objects.equals(failed.partial(), expected.partial());
    }
    return read != null && read.equals(job.outcome);
  }

  /** Lets the oldest ended jobs expire. */
  void forget() {
    List<ModelJob> ended =
        run.model.where(job -> !job.live() && (job.place == Place.GONE || !job.leased));
    run.did("forget", Math.max(0, ended.size() - MOST_ENDED));
    for (ModelJob job : ended.subList(0, Math.max(0, ended.size() - MOST_ENDED))) {
      String tag = run.redis.tag();
      String key = run.redis.commands().hget(tag + ":j:" + job.id, "u");
      run.redis.commands().del(tag + ":j:" + job.id, tag + ":r:" + job.id, tag + ":u:" + key);
      job.forget();
      run.model.drop(job);
    }
  }

  private @Nullable ModelJob anyJob() {
    List<ModelJob> live = run.model.where(ModelJob::live);
    List<ModelJob> some = run.chance(0.7) ? live : List.copyOf(run.model.all());
    return some.isEmpty() ? null : run.pick(some);
  }
}
