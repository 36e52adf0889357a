package dev.longhaul.intake;

import static dev.longhaul.intake.QueueAnswers.owned;
import static dev.longhaul.intake.QueueAnswers.translated;

import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.queue.DeliveryEntry;
import dev.longhaul.queue.FlowKind;
import dev.longhaul.queue.FlowQueue;
import dev.longhaul.queue.FlowView;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.NotificationQueue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Implements {@link Deliveries} from the delivery log and the delivery jobs in the queue. */
final class StoredDeliveries implements Deliveries {
  private final JobQueue queue;
  private final FlowQueue flows;
  private final NotificationQueue log;

  StoredDeliveries(JobQueue queue, FlowQueue flows, NotificationQueue log) {
    this.queue = queue;
    this.flows = flows;
    this.log = log;
  }

  @Override
  public List<Delivery> list(Caller caller, @Nullable FlowKind kind, JobId id) {
    var _ = ended(caller, kind, id);
    return translated(() -> {
      Map<JobId, List<DeliveryEntry>> entries = new LinkedHashMap<>();
      log.log(id)
          .forEach(entry ->
              entries.computeIfAbsent(entry.delivery(), _ -> new ArrayList<>()).add(entry));
      return entries.values().stream().map(this::delivery).toList();
    });
  }

  @Override
  public List<Delivery> replay(
      Caller caller, @Nullable FlowKind kind, JobId id, @Nullable String channel) {
    if (!ended(caller, kind, id)) {
      throw notEnded(caller, kind, id);
    }
    List<JobId> again = translated(() -> log.again(id, channel));
    if (again.isEmpty()) {
      throw new IntakeException(
          new Refusal.BadRequest(
              channel == null ? JobOptions.CALLBACK_URL : "channel",
              channel == null
                  ? "It has no notifications: it was submitted without callback_url and notify."
                  : "It has no notification on the channel "
                      + channel
                      + "; GET its deliveries for the channels it has."));
    }
    return list(caller, kind, id).stream()
        .filter(delivery -> again.contains(delivery.id()))
        .toList();
  }

  private boolean ended(Caller caller, @Nullable FlowKind kind, JobId id) {
    return kind == null
        ? job(caller, id).state().terminal()
        : flow(caller, kind, id).times().finishedAt() != null;
  }

  private IntakeException notEnded(Caller caller, @Nullable FlowKind kind, JobId id) {
    return kind == null
        ? new IntakeException(new Refusal.NotFinished(id, job(caller, id).state()))
        : new IntakeException(
            new Refusal.BadRequest(
                "The "
                    + kind.wire()
                    + " "
                    + id
                    + " has not ended, so there are no notifications yet."));
  }

  private Job job(Caller caller, JobId id) {
    return translated(() -> owned(caller, queue.find(id), id));
  }

  private FlowView flow(Caller caller, FlowKind kind, JobId id) {
    return translated(() -> flows.find(id))
        .filter(view -> view.owner().equals(caller.owner()) && view.kind() == kind)
        .orElseThrow(() -> new IntakeException(new Refusal.UnknownFlow(kind, id.value())));
  }

  private Delivery delivery(List<DeliveryEntry> entries) {
    DeliveryEntry first = entries.getFirst();
    List<DeliveryEntry> attempts =
        entries.stream().filter(entry -> entry.attempt() != null).toList();
    boolean delivered =
        attempts.stream().anyMatch(one -> one.attempt() != null && one.attempt().delivered());
    Optional<Job> job = delivered ? Optional.empty() : queue.find(first.delivery());
    boolean pending = job.filter(found -> !found.state().terminal()).isPresent();
    // The log may lack the successful attempt, if writing it failed.
    boolean completed = job.filter(found -> found.state() == JobState.COMPLETED).isPresent();
    @Nullable Instant next = job.map(found -> found.times().dueAt()).orElse(null);
    return new Delivery(
        first.delivery(),
        first.channel(),
        first.event(),
        delivered || completed ? State.DELIVERED : pending ? State.PENDING : State.FAILED,
        first.attempt() == null ? first.at() : null,
        pending && job.get().state() == JobState.SCHEDULED ? next : null,
        attempts);
  }
}
