package dev.longhaul.testsupport.queue;

import dev.longhaul.job.FlowCallback;
import dev.longhaul.job.FlowRef;
import dev.longhaul.job.JobId;
import dev.longhaul.queue.FlowChild.End;
import dev.longhaul.queue.FlowRequest;
import dev.longhaul.queue.FlowState;
import dev.longhaul.queue.FlowView;
import dev.longhaul.queue.FlowView.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A batch or chain as it is stored. Touched under the store's lock only. */
final class StoredFlow {
  final JobId id;
  final FlowRequest request;
  final Instant createdAt;

  FlowState state = FlowState.STAGING;

  /** What stopped it; CHILD_FAILED for anything that one of its children did. */
  @Nullable Reason stopped;

  @Nullable Integer total;
  int staged;

  /** Behind the last index that was ever staged. */
  int top;

  @Nullable Instant sealedAt;
  @Nullable Instant finishedAt;
  Instant expiresAt = Instant.MIN;
  boolean handedOut;

  /** How each child ended, by index. */
  final Map<Integer, End> ends = new HashMap<>();

  /** The indexes of those that ended, in the order in which they did. */
  final List<Integer> order = new ArrayList<>();

  /** How many jobs each queue gets when it is sealed. */
  final Map<String, Integer> adding = new HashMap<>();

  /** Per callback, by its place, whether it was started. */
  final Map<FlowCallback, Map<Integer, Boolean>> callbacks = new EnumMap<>(FlowCallback.class);

  private final Map<End, Integer> counts = new EnumMap<>(End.class);

  StoredFlow(JobId id, FlowRequest request, Instant createdAt) {
    this.id = id;
    this.request = request;
    this.createdAt = createdAt;
  }

  int count(End end) {
    return counts.getOrDefault(end, 0);
  }

  /** Counts a child that ended, once; returns whether it was not counted before. */
  boolean count(int index, End end) {
    if (ends.putIfAbsent(index, end) != null) {
      return false;
    }
    counts.merge(end, 1, Integer::sum);
    order.add(index);
    return true;
  }

  boolean finished() {
    return finishedAt != null;
  }

  boolean allEnded() {
    return total != null && order.size() >= total;
  }

  /** Cancelled before it was sealed, so that it was never promised to anybody. */
  boolean neverWas() {
    return state == FlowState.CANCELLED && total == null;
  }

  FlowView view() {
    return new FlowView(
        id,
        request.kind(),
        request.name(),
        request.owner(),
        state,
        reason(),
        request.allowFailures(),
        staged,
        total,
        count(End.COMPLETED),
        count(End.FAILED),
        count(End.CANCELLED),
        createdAt,
        sealedAt,
        finishedAt,
        finishedAt == null ? null : expiresAt,
        started(),
        handedOut);
  }

  private @Nullable Reason reason() {
    if (stopped == Reason.CANCELLED || stopped == Reason.NEVER_SEALED) {
      return stopped;
    }
    if (request.allowFailures() || (finishedAt == null && stopped == null)) {
      return null;
    }
    if (count(End.FAILED) > 0) {
      return Reason.CHILD_FAILED;
    }
    return count(End.CANCELLED) > 0 ? Reason.CHILD_CANCELLED : null;
  }

  private Map<FlowCallback, List<JobId>> started() {
    Map<FlowCallback, List<JobId>> all = new EnumMap<>(FlowCallback.class);
    callbacks.forEach((kind, its) ->
        its.forEach((number, started) -> {
          if (started) {
            all.computeIfAbsent(kind, _ -> new ArrayList<>())
                .add(FlowRef.of(id, kind, number).job());
          }
        }));
    return all;
  }
}
