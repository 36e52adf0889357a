package dev.longhaul.testsupport.queue;

import dev.longhaul.job.FlowCallback;
import dev.longhaul.job.FlowRef;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobRequest;
import dev.longhaul.queue.FlowChild;
import dev.longhaul.queue.FlowKind;
import dev.longhaul.queue.FlowNotOpenException;
import dev.longhaul.queue.FlowQueue;
import dev.longhaul.queue.FlowRequest;
import dev.longhaul.queue.FlowState;
import dev.longhaul.queue.FlowView;
import dev.longhaul.queue.FlowView.Reason;
import dev.longhaul.queue.JobFilter;
import dev.longhaul.queue.JobQueue.CancelAnswer;
import dev.longhaul.queue.QueueFullException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Batches and chains in memory. */
final class MemoryFlows implements FlowQueue {
  private final Store store;
  private final int maxLength;

  MemoryFlows(Store store, int maxLength) {
    this.store = store;
    this.maxLength = maxLength;
  }

  @Override
  public JobId open(FlowRequest request) {
    return store.locked(() -> {
      var key = request.idempotency();
      JobId known = key == null ? null : store.named(key);
      if (known != null) {
        return known;
      }
      var flow = new StoredFlow(store.newId(), request, store.now());
      store.flows.add(flow);
      if (key != null) {
        store.name(key, flow.id);
      }
      return flow.id;
    });
  }

  @Override
  public void stage(JobId id, int first, List<JobRequest> children) {
    int most = store.flowRules.maxChildren();
    if (first < 0 || first + (long) children.size() > most) {
      throw new IllegalArgumentException(
          "a batch or chain may have at most "
              + most
              + " children (longhaul.flows.max-children), not "
              + (first + (long) children.size()));
    }
    locked(() -> {
      StoredFlow flow = of(id, children);
      Map<Integer, JobRequest> added = new TreeMap<>();
      Map<String, Integer> adding = new HashMap<>(flow.adding);
      for (int i = 0; i < children.size(); i++) {
        int index = first + i;
        boolean known = store.find(new FlowRef(id, index).job()) != null;
        if (!known && !flow.ends.containsKey(index)) {
          added.put(index, children.get(i));
          String queue = children.get(i).queue();
          // A chain has one step in line at a time.
          int its = flow.request.kind() == FlowKind.CHAIN ? 1 : adding.getOrDefault(queue, 0) + 1;
          adding.put(queue, its);
        }
      }
      if (added.isEmpty()) {
        return;
      }
      refuseUnlessStaging(flow);
      refuseIfFull(adding);
      added.forEach((index, child) -> {
        keep(child, new FlowRef(id, index));
        flow.top = Math.max(flow.top, index + 1);
      });
      flow.staged += added.size();
      flow.adding.putAll(adding);
    });
  }

  @Override
  public void callbacks(JobId id, Map<FlowCallback, List<JobRequest>> callbacks) {
    if (callbacks.values().stream().anyMatch(kind -> kind.size() > FlowCallback.MOST)) {
      throw new IllegalArgumentException(
          "a batch or chain may have at most " + FlowCallback.MOST + " callbacks of a kind");
    }
    List<JobRequest> all = callbacks.values().stream().flatMap(List::stream).toList();
    if (all.isEmpty()) {
      return;
    }
    locked(() -> {
      StoredFlow flow = of(id, all);
      callbacks.forEach((kind, requests) -> {
        for (int number = 0; number < requests.size(); number++) {
          Map<Integer, Boolean> known = flow.callbacks.computeIfAbsent(kind, _ -> new TreeMap<>());
          if (!known.containsKey(number)) {
            refuseUnlessStaging(flow);
            known.put(number, false);
            keep(requests.get(number), FlowRef.of(id, kind, number));
          }
        }
      });
    });
  }

  private void keep(JobRequest request, FlowRef place) {
    StoredJob job = store.create(place.job(), request.inFlow(place, true).keyed(null), null);
    store.lines.keep(job);
  }

  @Override
  public void seal(JobId id, int total) {
    locked(() -> {
      StoredFlow flow = of(id, List.of());
      if (flow.total != null && flow.total == total) {
        return;
      }
      refuseUnlessStaging(flow);
      if (flow.staged != total || flow.top != total) {
        throw new IllegalStateException(
            "Children are missing: "
                + flow.staged
                + " are staged. Stage all of them again, which changes nothing for those that"
                + " are, and seal with their count.");
      }
      refuseIfFull(flow.adding);
      flow.state = FlowState.RUNNING;
      flow.total = total;
      flow.sealedAt = store.now();
      store.flows.start(flow, total);
    });
  }

  private StoredFlow of(JobId id, List<JobRequest> jobs) {
    StoredFlow flow = store.flows.find(id);
    if (flow == null) {
      throw new FlowNotOpenException("The batch or chain is unknown.");
    }
    if (jobs.stream().anyMatch(job -> !job.owner().equals(flow.request.owner()))) {
      throw new IllegalArgumentException("a batch or chain and its jobs must have the same owner");
    }
    return flow;
  }

  private static void refuseUnlessStaging(StoredFlow flow) {
    if (flow.state != FlowState.STAGING) {
      throw new FlowNotOpenException(
          "The batch or chain takes no more children: it is " + flow.state.wire() + ".");
    }
  }

  private void refuseIfFull(Map<String, Integer> adding) {
    Lines.Full full = store.lines.refusal(adding, maxLength);
    if (full != null) {
      throw new QueueFullException(
          "The queue "
              + full.queue()
              + " cannot hold the children of this batch or chain: "
              + full.waiting()
              + " jobs wait in it and longhaul.queue.max-length is "
              + maxLength
              + ". Try again later with fewer children, or let the operator add workers.",
          MemoryJobs.RETRY_AFTER);
    }
  }

  private void locked(Runnable operation) {
    Supplier<Boolean> whole =
        () -> {
          operation.run();
          return true;
        };
    var _ = store.locked(whole);
  }

  @Override
  public Optional<FlowView> find(JobId id) {
    return store.locked(() -> Optional.ofNullable(store.flows.find(id)).map(StoredFlow::view));
  }

  @Override
  public List<FlowChild> children(JobId id, int first, int limit) {
    checkPage(first, limit);
    return store.locked(() -> {
      StoredFlow flow = store.flows.find(id);
      List<FlowChild> children = new ArrayList<>();
      int top = flow == null ? 0 : flow.top;
      for (int index = first; flow != null && index < Math.min(first + limit, top); index++) {
        JobId child = new FlowRef(id, index).job();
        StoredJob job = store.find(child);
        children.add(
            new FlowChild(index, child, job == null ? null : job.state, flow.ends.get(index)));
      }
      return children;
    });
  }

  @Override
  public List<Integer> ended(JobId id, int from, int limit) {
    checkPage(from, limit);
    return store.locked(() -> {
      StoredFlow flow = store.flows.find(id);
      return flow == null ? List.of() : flow.order.stream().skip(from).limit(limit).toList();
    });
  }

  private static void checkPage(int first, int limit) {
    if (first < 0 || limit < 1 || limit > JobFilter.MAX_LIMIT) {
      throw new IllegalArgumentException("limit must be 1 to " + JobFilter.MAX_LIMIT);
    }
  }

  @Override
  public void handOut(JobId id) {
    locked(() -> {
      StoredFlow flow = store.flows.find(id);
      if (flow != null) {
        flow.handedOut = true;
      }
    });
  }

  @Override
  public CancelAnswer cancel(JobId id) {
    return store.locked(() -> {
      StoredFlow flow = store.flows.find(id);
      if (flow == null) {
        return CancelAnswer.UNKNOWN;
      }
      if (flow.finished()) {
        return CancelAnswer.ALREADY_FINISHED;
      }
      store.flows.cancel(flow, Reason.CANCELLED);
      return CancelAnswer.CANCELLED;
    });
  }
}
