package dev.longhaul.testsupport.queue;

import dev.longhaul.job.JobId;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.Limits;
import dev.longhaul.job.NotificationPlan;
import dev.longhaul.queue.DeliveryEntry;
import dev.longhaul.queue.NotificationQueue;
import dev.longhaul.queue.QueueFullException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Puts deliveries in line when something ends, and keeps the log of what was told. */
final class Notifications {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Store store;
  private final Map<JobId, Log> logs = new HashMap<>();

  /** What was told of something, and until when that is known. */
  private static final class Log {
    private final List<DeliveryEntry> entries = new ArrayList<>();
    private Instant until = Instant.MIN;
  }

  Notifications(Store store) {
    this.store = store;
  }

  /** A job has ended, just now. */
  void ended(StoredJob job) {
    var _ = tell(job, null);
  }

  /** A batch or chain has ended, just now. */
  void ended(StoredFlow flow) {
    var _ = tell(flow, null);
  }

  /** Tells once more; returns the jobs that deliver. */
  List<JobId> again(JobId subject, @Nullable String channel) {
    Log log = logs.get(subject);
    if (log != null
        && log.entries.stream().map(DeliveryEntry::delivery).distinct().filter(this::open).count()
            >= NotificationQueue.MOST_UNDER_WAY) {
      throw new QueueFullException(
          "Many deliveries of this have yet to end; wait for them.", Duration.ofSeconds(5));
    }
    StoredJob job = store.find(subject);
    if (job != null) {
      return job.ended() ? tell(job, channel) : List.of();
    }
    StoredFlow flow = store.flows.find(subject);
    return flow != null && flow.finished() ? tell(flow, channel) : List.of();
  }

  private boolean open(JobId delivery) {
    StoredJob job = store.find(delivery);
    return job != null && !job.ended();
  }

  private List<JobId> tell(StoredJob job, @Nullable String only) {
    NotificationPlan plan = job.request.notification();
    return plan == null
        ? List.of()
        : tell(
            plan,
            new End(
                job.id,
                job.request.owner(),
                "job",
                job.state.wire(),
                Objects.requireNonNull(job.finishedAt)),
            only);
  }

  private List<JobId> tell(StoredFlow flow, @Nullable String only) {
    NotificationPlan plan = flow.request.notification();
    return plan == null || flow.total == null
        ? List.of()
        : tell(
            plan,
            new End(
                flow.id,
                flow.request.owner(),
                flow.request.kind().wire(),
                flow.state.wire(),
                Objects.requireNonNull(flow.finishedAt)),
            only);
  }

  /** What is told. */
  private record End(JobId subject, String owner, String kind, String state, Instant at) {
    String event() {
      return kind + "." + state;
    }
  }

  private List<JobId> tell(NotificationPlan plan, End end, @Nullable String only) {
    List<JobId> deliveries = new ArrayList<>();
    for (NotificationPlan.Target target : plan.targets()) {
      if (only == null || only.equals(target.channel())) {
        // In no listing of the owner, and whatever the state of its queue.
        StoredJob delivery = store.create(store.newId(), request(plan, end, target), null);
        store.lines.place(delivery);
        record(
            end.subject(),
            new DeliveryEntry(delivery.id, target.channel(), end.event(), store.now(), null));
        deliveries.add(delivery.id);
      }
    }
    return deliveries;
  }

  private static JobRequest request(
      NotificationPlan plan, End end, NotificationPlan.Target target) {
    Map<String, String> arguments = new LinkedHashMap<>();
    arguments.put("subject", end.subject().value());
    arguments.put("kind", end.kind());
    arguments.put("event", end.event());
    arguments.put("state", end.state());
    arguments.put("channel", target.channel());
    if (target.url() != null) {
      arguments.put("url", target.url());
    }
    arguments.put("ended", Long.toString(end.at().toEpochMilli()));
    return new JobRequest(
            "tools/call",
            plan.tool(),
            JSON.writeValueAsString(Map.of("name", plan.tool(), "arguments", arguments)),
            end.owner(),
            plan.queue(),
            plan.priority(),
            Duration.ZERO,
            false,
            plan.timeout(),
            plan.retryUntil(),
            plan.retry(),
            Map.of())
        .limited(new Limits(plan.concurrency(), null, null));
  }

  void record(JobId subject, DeliveryEntry entry) {
    logs.values().removeIf(log -> !log.until.isAfter(store.now()));
    Log log = logs.computeIfAbsent(subject, _ -> new Log());
    log.entries.add(entry);
    if (log.entries.size() > NotificationQueue.MOST_ENTRIES) {
      log.entries.removeFirst();
    }
    Instant kept = store.now().plus(store.results.statusTtl());
    StoredJob job = store.find(subject);
    Instant known = job == null || job.expiresAt == null ? kept : job.expiresAt;
    kept = known.isAfter(kept) ? known : kept;
    log.until = log.until.isAfter(kept) ? log.until : kept;
  }

  List<DeliveryEntry> log(JobId subject) {
    Log log = logs.get(subject);
    return log == null || !log.until.isAfter(store.now()) ? List.of() : List.copyOf(log.entries);
  }

  void forget(JobId subject) {
    logs.remove(subject);
  }
}
