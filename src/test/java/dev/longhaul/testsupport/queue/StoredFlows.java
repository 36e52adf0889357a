package dev.longhaul.testsupport.queue;

import dev.longhaul.job.FlowCallback;
import dev.longhaul.job.FlowRef;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Outcome;
import dev.longhaul.queue.FlowChild.End;
import dev.longhaul.queue.FlowKind;
import dev.longhaul.queue.FlowState;
import dev.longhaul.queue.FlowView.Reason;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What batches and chains do when their children end. */
final class StoredFlows {
  private final Store store;
  private final Map<JobId, StoredFlow> flows = new HashMap<>();

  StoredFlows(Store store) {
    this.store = store;
  }

  @Nullable StoredFlow find(JobId id) {
    return flows.get(id);
  }

  void add(StoredFlow flow) {
    flows.put(flow.id, flow);
  }

  /** Whether an idempotency key goes on naming this flow. */
  boolean keepsItsKey(JobId id) {
    StoredFlow flow = flows.get(id);
    return flow != null && !flow.neverWas();
  }

  /** Starts the children of a flow that was just sealed. */
  void start(StoredFlow flow, int total) {
    if (flow.request.kind() == FlowKind.BATCH) {
      for (int index = 0; index < total; index++) {
        startJob(new FlowRef(flow.id, index).job());
      }
    } else if (flow.count(End.CANCELLED) > 0) {
      stop(flow, Reason.CHILD_FAILED); // one of its steps was cancelled before
    } else {
      startJob(new FlowRef(flow.id, 0).job());
    }
    settle(flow);
  }

  // From now on its owner finds it in listings.
  private void startJob(JobId id) {
    StoredJob job = store.find(id);
    if (job != null && store.lines.release(job)) {
      store.list(job);
    }
  }

  /** Cancels the flow, and its children that have not ended. */
  void cancel(StoredFlow flow, Reason why) {
    flow.state = FlowState.CANCELLED;
    stop(flow, why);
  }

  // One that is stopped by a child of its own lets those go on that run; their next attempt does
  // not start any more.
  private void stop(StoredFlow flow, Reason why) {
    boolean byChild = why == Reason.CHILD_FAILED;
    flow.stopped = why;
    store.news.changed(flow.id);
    for (int index = 0; index < flow.top; index++) {
      StoredJob child = store.find(new FlowRef(flow.id, index).job());
      if (child != null && !child.ended()) {
        boolean offered = child.state == JobState.QUEUED && store.leases.has(child.id);
        if (!byChild || !(child.running() || offered)) {
          store.cancel(child);
          if (offered) {
            store.news.cancelled(child.id);
          }
        }
      }
    }
    if (byChild) {
      settle(flow);
    } else {
      finish(flow);
    }
  }

  /** Cancels a job whose batch or chain was stopped while it waited; returns whether it did. */
  boolean stops(StoredJob job) {
    FlowRef place = job.flow();
    StoredFlow flow = place == null ? null : flows.get(place.flow());
    if (place == null || place.index() < 0 || flow == null || flow.stopped == null) {
      return false;
    }
    store.end(job, new Outcome.Cancelled(null), null);
    return true;
  }

  /** Said of each job that has ended. */
  void ended(StoredJob job) {
    FlowRef place = job.flow();
    StoredFlow flow = place == null ? null : flows.get(place.flow());
    if (place == null || flow == null) {
      return;
    }
    if (job.state == JobState.DEAD || job.announcedTtl != null || place.index() < 0) {
      // A flow is known for as long as its children are.
      flow.expiresAt = later(flow.expiresAt, Objects.requireNonNull(job.expiresAt));
    }
    if (place.index() < 0) {
      return;
    }
    End end = end(job);
    if (!flow.count(place.index(), end)) {
      return;
    }
    store.news.changed(flow.id);
    if (flow.state == FlowState.STAGING) {
      return;
    }
    if (end == End.FAILED && flow.count(End.FAILED) == 1 && flow.state != FlowState.CANCELLED) {
      callBack(flow, FlowCallback.CATCH, true);
    }
    if (flow.stopped == null) {
      goOn(flow, place.index(), end);
    }
    settle(flow);
  }

  private void goOn(StoredFlow flow, int index, End end) {
    boolean chain = flow.request.kind() == FlowKind.CHAIN;
    if (chain && end == End.COMPLETED) {
      if (flow.total != null && index + 1 < flow.total) {
        startJob(new FlowRef(flow.id, index + 1).job());
      }
    } else if (chain || (end == End.FAILED && !flow.request.allowFailures())) {
      stop(flow, Reason.CHILD_FAILED);
    }
  }

  // A result that says isError is a failure to whoever builds on it.
  private static End end(StoredJob job) {
    if (job.state == JobState.CANCELLED) {
      return End.CANCELLED;
    }
    return job.outcome instanceof Outcome.Answered answered && !answered.isError()
        ? End.COMPLETED
        : End.FAILED;
  }

  private void settle(StoredFlow flow) {
    if (flow.allEnded()) {
      finish(flow);
    }
  }

  private void finish(StoredFlow flow) {
    if (flow.finished()) {
      return;
    }
    if (flow.state != FlowState.CANCELLED) {
      boolean allowed = flow.request.allowFailures();
      if (!allowed && flow.count(End.FAILED) > 0) {
        flow.state = FlowState.FAILED;
      } else if (!allowed && flow.count(End.CANCELLED) > 0) {
        flow.state = FlowState.CANCELLED;
      } else {
        flow.state = FlowState.COMPLETED;
      }
    }
    Instant now = store.now();
    flow.finishedAt = now;
    callBack(flow, FlowCallback.THEN, flow.state == FlowState.COMPLETED);
    callBack(flow, FlowCallback.CATCH, false);
    callBack(flow, FlowCallback.FINALLY, flow.total != null); // else it was never promised
    flow.expiresAt = later(flow.expiresAt, now.plus(store.results.statusTtl()));
    store.news.changed(flow.id);
    store.notifications.ended(flow);
  }

  /** Starts the callbacks of a kind, or takes them away if they will never run. */
  private void callBack(StoredFlow flow, FlowCallback kind, boolean run) {
    Map<Integer, Boolean> its = flow.callbacks.getOrDefault(kind, Map.of());
    for (Integer number : List.copyOf(its.keySet())) {
      if (Boolean.TRUE.equals(its.get(number))) {
        continue;
      }
      StoredJob job = store.find(FlowRef.of(flow.id, kind, number).job());
      if (run && job != null && job.state == JobState.HELD) {
        its.put(number, true);
        // It is known for as long as its callback may ask for it.
        flow.expiresAt =
            later(flow.expiresAt, store.now().plus(job.retryFor()).plus(store.results.statusTtl()));
        startJob(job.id);
      } else {
        its.remove(number);
        if (job != null && job.state == JobState.HELD) {
          store.forget(job);
        }
      }
    }
  }

  /** Ends flows that were not sealed in time. */
  void endUnsealed() {
    Instant before = store.now().minus(store.flowRules.maxStaging());
    for (StoredFlow flow : List.copyOf(flows.values())) {
      if (flow.state == FlowState.STAGING && !flow.createdAt.isAfter(before)) {
        cancel(flow, Reason.NEVER_SEALED);
      }
    }
  }

  void forgetExpired(Instant now) {
    for (Iterator<StoredFlow> all = flows.values().iterator(); all.hasNext(); ) {
      StoredFlow flow = all.next();
      if (flow.finished() && !flow.expiresAt.isAfter(now)) {
        all.remove();
        store.unname(flow.request.idempotency(), flow.id);
      }
    }
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
