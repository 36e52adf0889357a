package dev.longhaul.testsupport.queue;

import dev.longhaul.job.IdempotencyKey;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.OpenQuestion;
import dev.longhaul.job.Outcome;
import dev.longhaul.queue.IdempotencyConflictException;
import dev.longhaul.queue.JobFilter;
import dev.longhaul.queue.JobPage;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.QueueDepths;
import dev.longhaul.queue.QueueFullException;
import dev.longhaul.testsupport.queue.StoredJob.Asked;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The front doors' side of the queue in memory. */
final class MemoryJobs implements JobQueue {
  static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final Store store;
  private final Upkeep upkeep;
  private final RunTimesTable times;
  private final int maxLength;
  private final RememberedCalls remembered;

  MemoryJobs(
      Store store, Upkeep upkeep, RunTimesTable times, RememberedCalls remembered, int maxLength) {
    this.store = store;
    this.upkeep = upkeep;
    this.times = times;
    this.remembered = remembered;
    this.maxLength = maxLength;
  }

  @Override
  public List<JobId> enqueue(List<JobRequest> requests) {
    return store.locked(() -> {
      List<JobId> ids = new ArrayList<>();
      List<JobRequest> added = new ArrayList<>();
      Map<String, JobId> keys = new HashMap<>();
      Map<String, String> arguments = new HashMap<>();
      // First look, then write: all or none.
      for (JobRequest request : requests) {
        JobId known = known(request.idempotency(), keys, arguments);
        JobId id = known == null ? store.newId() : known;
        ids.add(id);
        if (known == null) {
          added.add(request);
          IdempotencyKey key = request.idempotency();
          if (key != null) {
            keys.put(key.digest(), id);
            arguments.put(key.digest(), key.arguments());
          }
        }
      }
      refuseIfFull(added);
      for (int i = 0; i < requests.size(); i++) {
        if (store.find(ids.get(i)) == null) {
          add(ids.get(i), requests.get(i));
        }
      }
      return List.copyOf(ids);
    });
  }

  // Also a key that an earlier request of the same call has.
  private @Nullable JobId known(
      @Nullable IdempotencyKey key, Map<String, JobId> keys, Map<String, String> arguments) {
    if (key == null) {
      return null;
    }
    JobId inThisCall = keys.get(key.digest());
    if (inThisCall == null) {
      return store.named(key);
    }
    if (!key.arguments().equals(arguments.get(key.digest()))) {
      throw new IdempotencyConflictException(inThisCall);
    }
    return inThisCall;
  }

  private void add(JobId id, JobRequest request) {
    StoredJob job = store.create(id, request, null);
    if (request.idempotency() != null) {
      store.name(request.idempotency(), id);
    }
    store.lines.place(job);
    store.list(job);
  }

  private void refuseIfFull(List<JobRequest> requests) {
    Map<String, Integer> adding = new TreeMap<>();
    int held = 0;
    int scheduled = 0;
    for (JobRequest request : requests) {
      if (request.held()) {
        held++;
      } else {
        adding.merge(request.queue(), 1, Integer::sum);
        scheduled += request.delay().isPositive() ? 1 : 0;
      }
    }
    Lines.Full full = store.lines.refusal(adding, maxLength);
    if (full == null) {
      full = bounded("held", store.lines.held(), held);
    }
    if (full == null) {
      full = bounded("scheduled", store.lines.scheduled(), scheduled);
    }
    if (full != null) {
      throw new QueueFullException(
          "The queue "
              + full.queue()
              + " is full: "
              + full.waiting()
              + " jobs wait and longhaul.queue.max-length is "
              + maxLength
              + ". Try again later, or let the operator add workers.",
          RETRY_AFTER);
    }
  }

  private Lines.@Nullable Full bounded(String what, int waiting, int added) {
    return maxLength > 0 && added > 0 && waiting + added > maxLength
        ? new Lines.Full(what, waiting)
        : null;
  }

  @Override
  public Optional<Job> find(JobId id) {
    return store.locked(() -> Optional.ofNullable(store.find(id)).map(StoredJob::view));
  }

  @Override
  public Optional<Outcome> outcome(JobId id) {
    return store.locked(() -> {
      StoredJob job = store.find(id);
      if (job == null || job.outcomeUntil == null || !job.outcomeUntil.isAfter(store.now())) {
        return Optional.empty();
      }
      return Optional.ofNullable(job.outcome);
    });
  }

  @Override
  public JobPage list(JobFilter filter) {
    return store.locked(() ->
        store
            .ofOwner(filter.owner())
            .page(filter, job -> filter.state() == null || job.state == filter.state()));
  }

  @Override
  public CancelAnswer cancel(JobId id) {
    return store.locked(() -> {
      StoredJob job = store.find(id);
      if (job == null) {
        return CancelAnswer.UNKNOWN;
      }
      if (job.ended()) {
        return CancelAnswer.ALREADY_FINISHED;
      }
      store.cancel(job);
      return CancelAnswer.CANCELLED;
    });
  }

  @Override
  public ReleaseAnswer release(JobId id) {
    return store.locked(() -> {
      StoredJob job = store.find(id);
      if (job == null) {
        return ReleaseAnswer.UNKNOWN;
      }
      // What belongs to a batch or chain is started by it, in its order.
      return job.flow() == null && store.lines.release(job)
          ? ReleaseAnswer.RELEASED
          : ReleaseAnswer.NOT_HELD;
    });
  }

  @Override
  public Optional<Job> detach(JobId id, @Nullable Duration announcedTtl) {
    return store.locked(() -> {
      StoredJob job = store.find(id);
      if (job == null) {
        return Optional.empty();
      }
      job.handedOut = true;
      boolean longer =
          announcedTtl != null
              && (job.announcedTtl == null || announcedTtl.compareTo(job.announcedTtl) > 0);
      if (longer) {
        job.announcedTtl = announcedTtl;
        Instant until = job.createdAt.plus(announcedTtl);
        if (job.ended() && job.expiresAt != null && job.expiresAt.isBefore(until)) {
          store.keepUntil(job, until);
        }
        if (job.outcomeUntil != null && job.outcomeUntil.isBefore(until)) {
          job.outcomeUntil = until;
        }
      }
      return Optional.of(job.view());
    });
  }

  @Override
  public void attend(Collection<JobId> ids, Duration time) {
    var _ = store.locked(() -> upkeep.attend(ids, time));
  }

  @Override
  public DeleteAnswer delete(JobId id, boolean force) {
    return store.locked(() -> {
      StoredJob job = store.find(id);
      if (job == null) {
        return DeleteAnswer.UNKNOWN;
      }
      if (!job.ended() && !force) {
        return DeleteAnswer.NOT_FINISHED;
      }
      upkeep.delete(job);
      return DeleteAnswer.DELETED;
    });
  }

  @Override
  public JobWatch watch(JobId id, Watcher listener) {
    return store.locked(() -> {
      Watch watch = store.news.watch(id, listener);
      return new FoundWatch(watch, Optional.ofNullable(store.find(id)).map(StoredJob::view));
    });
  }

  /** A watch with what it found. */
  private record FoundWatch(Watch watch, Optional<Job> job) implements JobWatch {
    @Override
    public void close() {
      watch.close();
    }
  }

  @Override
  public List<OpenQuestion> questions(JobId id) {
    return store.locked(() -> {
      StoredJob job = store.find(id);
      return job == null
          ? List.of()
          : job.questions.values().stream()
              .filter(Asked::open)
              .map(asked -> asked.question().question())
              .toList();
    });
  }

  @Override
  public int answer(JobId id, Map<String, String> answers) {
    return store.locked(() -> StoredQuestions.answer(store, id, answers));
  }

  @Override
  public void remember(String digest, JobId id, Duration life) {
    var _ = store.locked(() -> remembered.put(digest, id, store.now(), life));
  }

  @Override
  public Optional<JobId> recall(String digest) {
    return store.locked(() -> remembered.get(digest, store.now()));
  }

  @Override
  public List<JobId> keyed(String digest) {
    return store.locked(() -> Stream.ofNullable(store.keyed(digest)).toList());
  }

  @Override
  public Optional<Duration> averageTime(String tool) {
    return store.locked(() -> times.average(tool));
  }

  @Override
  public QueueDepths depths() {
    return store.locked(() -> {
      Map<String, List<Long>> waiting = new TreeMap<>();
      long heldBack = 0;
      Duration oldest = Duration.ZERO;
      for (Line line : store.lines.all()) {
        waiting.put(line.name, line.lengths());
        heldBack += line.heldBack;
        oldest = Store.longer(line.oldest(store.now()), oldest);
      }
      return new QueueDepths(
          waiting,
          store.lines.scheduled(),
          store.leases.count(),
          store.lines.held(),
          heldBack,
          oldest);
    });
  }
}
