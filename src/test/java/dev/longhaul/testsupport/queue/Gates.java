package dev.longhaul.testsupport.queue;

import dev.longhaul.job.Limits;
import dev.longhaul.job.Rate;
import dev.longhaul.job.Waiting.Reason;
import dev.longhaul.queue.QueueAdmin.ToolUse;
import dev.longhaul.testsupport.queue.StoredJob.HeldBack;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All gates: who may pass, who waits, and who goes on when a slot or a token is free. */
final class Gates {
  private static final int MOST = 64;

  private final Store store;
  private final Map<String, Gate> ofTools = new HashMap<>();
  private final Map<String, Gate> ofCallers = new HashMap<>();

  Gates(Store store) {
    this.store = store;
  }

  Gate ofTool(String tool) {
    return ofTools.computeIfAbsent(tool, _ -> new Gate(true));
  }

  private Gate ofCaller(String owner) {
    return ofCallers.computeIfAbsent(owner, _ -> new Gate(false));
  }

  private List<Gate> all() {
    return Stream.concat(ofTools.values().stream(), ofCallers.values().stream()).toList();
  }

  /** Why a job may not be claimed now; when the gate opens, and the milliseconds a job takes. */
  private record Closed(Gate gate, Reason reason, @Nullable Long until, double interval) {}

  /**
   * Whether nothing holds a job back, which then has its slot and tokens; else it waits at the gate
   * that does.
   *
   * @param from the gate that had let it go, or null
   */
  boolean pass(StoredJob job, @Nullable Gate from) {
    Closed closed = closed(job);
    if (closed != null) {
      hold(job, closed, from);
      return false;
    }
    Limits limits = job.request.limits();
    Gate gate = ofTool(job.tool());
    if (limits.callerRate() != null) {
      ofCaller(job.request.owner()).takeToken(limits.callerRate(), store.millis());
    }
    if (limits.toolRate() != null) {
      gate.takeToken(limits.toolRate(), store.millis());
    }
    if (limits.concurrency() != null) {
      gate.slots.add(job.id);
    }
    if (gate.openUntil != null) {
      gate.probe = job.id;
      job.probe = true;
    }
    return true;
  }

  private @Nullable Closed closed(StoredJob job) {
    Limits limits = job.request.limits();
    Gate gate = ofTool(job.tool());
    if (gate.openUntil != null && !mayTry(gate)) {
      Long until = gate.openUntil > store.millis() ? gate.openUntil : null;
      return new Closed(gate, Reason.BREAKER, until, 0);
    }
    if (limits.concurrency() != null && gate.slots.size() >= limits.concurrency()) {
      return new Closed(gate, Reason.CONCURRENCY, null, 0);
    }
    Closed byRate = closed(gate, Reason.TOOL_RATE, limits.toolRate());
    return byRate != null
        ? byRate
        : closed(ofCaller(job.request.owner()), Reason.CALLER_RATE, limits.callerRate());
  }

  private @Nullable Closed closed(Gate gate, Reason reason, @Nullable Rate rate) {
    long now = store.millis();
    long wait = rate == null ? 0 : gate.untilToken(rate, now);
    return rate == null || wait == 0
        ? null
        : new Closed(gate, reason, now + wait, rate.millisPerCall());
  }

  /** Whether an open breaker's time is over and nobody tries it. */
  private boolean mayTry(Gate gate) {
    return gate.openUntil != null
        && gate.openUntil <= store.millis()
        && (gate.probe == null || !store.leases.has(gate.probe));
  }

  // If this gate had let the job go, those that it let go after it go back with it: else they
  // would be claimed before it.
  private void hold(StoredJob job, Closed closed, @Nullable Gate from) {
    Gate gate = closed.gate();
    if (from == gate) {
      Line line = store.lines.line(job.request.queue());
      List<StoredJob> back = line.takeBack(job.band, gate);
      for (int i = back.size() - 1; i >= 0; i--) {
        park(back.get(i), closed, true, i + 1);
      }
    }
    boolean waitedBefore = job.wasHeldBack || from != null;
    park(job, closed, waitedBefore, waitedBefore ? 0 : gate.bands.get(job.band).size());
  }

  private void park(StoredJob job, Closed closed, boolean first, long before) {
    Gate gate = closed.gate();
    Instant until = null;
    if (closed.until() != null) {
      double wait = gate.before(job.band, before) * closed.interval();
      until = Instant.ofEpochMilli((long) Math.ceil(closed.until() + wait));
    }
    if (first) {
      gate.bands.get(job.band).addFirst(job);
    } else {
      gate.bands.get(job.band).add(job);
    }
    job.heldBack = new HeldBack(gate, closed.reason(), until);
    job.wasHeldBack = true;
    job.updatedAt = store.now();
    store.lines.line(job.request.queue()).heldBack++;
    if (closed.until() != null) {
      gate.opensAt =
          gate.opensAt == null
              ? closed.until()
              : Long.valueOf(Math.min(gate.opensAt, closed.until()));
    }
  }

  /** Takes a job out of the gate where it waits, if it does. */
  void remove(StoredJob job) {
    if (job.heldBack != null) {
      job.heldBack.gate().bands.get(job.band).remove(job);
      job.heldBack = null;
      store.lines.line(job.request.queue()).heldBack--;
    }
  }

  /** Lets go as many jobs as may pass now; they are looked at again when they are claimed. */
  void open(Gate gate) {
    gate.opensAt = null;
    boolean probing = gate.openUntil != null;
    if (probing && !mayTry(gate)) {
      long until = Objects.requireNonNull(gate.openUntil);
      gate.opensAt = until > store.millis() ? until : null;
      return;
    }
    List<StoredJob> gone = new ArrayList<>();
    gate.opensAt = take(gate, probing ? 1 : MOST, gone);
    for (StoredJob job : gone) {
      remove(job);
      store.lines.line(job.request.queue()).addToFront(job, gate);
      store.lines.wake(job.request.queue());
      store.changed(job);
    }
  }

  // Returns when to look again, or null where only the end of a job decides.
  private @Nullable Long take(Gate gate, int most, List<StoredJob> gone) {
    long now = store.millis();
    double spoken = gate.spoken();
    for (StoredJob job : gate.bands.stream().flatMap(band -> band.stream()).toList()) {
      if (gone.size() >= most) {
        return gate.openUntil == null ? now : null;
      }
      Limits limits = job.request.limits();
      if (gate.ofTool
          && limits.concurrency() != null
          && gate.slots.size() + gone.size() >= limits.concurrency()) {
        return null;
      }
      Rate rate = gate.ofTool ? limits.toolRate() : limits.callerRate();
      if (rate != null) {
        double free = Gate.freeAt(rate, spoken);
        if (free > now) {
          return (long) Math.ceil(free);
        }
        spoken = Math.max(spoken, (double) now) + rate.millisPerCall();
      }
      gone.add(job);
    }
    return null;
  }

  /** Opens the gates whose time has come. */
  void openDue() {
    for (Gate gate : all()) {
      if (gate.opensAt != null && gate.opensAt <= store.millis()) {
        open(gate);
      }
    }
  }

  /** Looks at every gate at which somebody waits. */
  void openAll() {
    all().stream().filter(Gate::anybody).forEach(this::open);
  }

  /** When the next gate opens, or null if none will by time alone. */
  Optional<Instant> nextOpening() {
    return all().stream()
        .map(gate -> gate.opensAt)
        .filter(Objects::nonNull)
        .min(Long::compare)
        .map(Instant::ofEpochMilli);
  }

  /** Gives up what a job has of its tool's gate: whoever waits for it goes on. */
  void leave(StoredJob job) {
    Gate gate = ofTool(job.tool());
    boolean freed = gate.slots.remove(job.id);
    if (job.probe && job.id.equals(gate.probe)) {
      gate.probe = null;
      freed = true;
    }
    if (freed) {
      open(gate);
    }
  }

  boolean openBreaker(String tool, long until) {
    Gate gate = ofTool(tool);
    boolean was = gate.openUntil != null && gate.openUntil > store.millis();
    gate.openUntil = until;
    if (gate.anybody()) {
      gate.opensAt = until;
    }
    return !was;
  }

  boolean closeBreaker(String tool) {
    Gate gate = ofTool(tool);
    boolean was = gate.openUntil != null;
    gate.openUntil = null;
    gate.probe = null;
    open(gate);
    return was;
  }

  ToolUse use(String tool) {
    Gate gate = ofTool(tool);
    return new ToolUse(
        gate.slots.size(), gate.before(gate.bands.size(), 0), gate.openUntil != null);
  }
}
