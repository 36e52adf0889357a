package dev.longhaul.worker;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The worker of one process.
 *
 * @param pools the pools of slots by name, each with {@code queues}, {@code concurrency} and {@code
 *     threads} ({@code platform}); for what is not set, {@code io} (queues default and io, 50
 *     slots) and {@code cpu} (queue cpu, a slot for each processor)
 * @param drain how long running jobs may finish when the process is told to stop; less than the
 *     time after which the process is killed (Kubernetes: 30 s). Calls that are still held 2 s
 *     before its end are handed over
 * @param reapInterval the longest time between two checks for expired leases; at most a third of a
 *     lease, whatever is set. When a lease is about to expire, workers check at that moment too
 * @param inputTtl how long a tool waits for its client's answer; then an elicitation counts as
 *     cancelled, and other questions fail the job
 * @param backoffJitter the largest change of a backoff in either direction, as a fraction of it, so
 *     that jobs which failed together are not retried together; 0 for none, as for backoff_seconds
 *     of a request
 * @param stuckAfter how long a tool may keep running after its interrupt; then it counts as stuck,
 *     and until it returns this process gives back the tool's jobs for other workers
 * @param exitWhenStuck whether the process ends, once its other jobs are done, when stuck tools use
 *     every slot of a pool; for a process that is restarted by a supervisor. The chart sets it
 * @param limits what jobs may take besides their slots
 */
@ConfigurationProperties("longhaul.worker")
public record WorkerProperties(
    @DefaultValue Map<String, PoolSettings> pools,
    @DefaultValue("20s") Duration drain,
    @DefaultValue("5s") Duration reapInterval,
    @DefaultValue("1h") Duration inputTtl,
    @DefaultValue("0.1") double backoffJitter,
    @DefaultValue("30s") Duration stuckAfter,
    @DefaultValue("false") boolean exitWhenStuck,
    @DefaultValue Limits limits) {

  /**
   * What the jobs of one process may take besides their slots.
   *
   * @param asking how many jobs may wait for an answer of their client without a slot, each with a
   *     thread; those that ask when there are so many keep their slot while they wait
   * @param computing how long one attempt of a tool may compute outside the queue cpu; then the
   *     tool's later jobs count against that queue's slots in this process
   */
  public record Limits(@DefaultValue("1000") int asking, @DefaultValue("10s") Duration computing) {
    public Limits {
      if (asking < 0) {
        throw new IllegalArgumentException(
            "longhaul.worker.limits.asking must not be below 0, but is " + asking);
      }
      if (!computing.isPositive()) {
        throw new IllegalArgumentException(
            "longhaul.worker.limits.computing must be positive, such as 10s");
      }
    }
  }

  public WorkerProperties {
    pools = Map.copyOf(pools);
    if (drain.isNegative()) {
      throw new IllegalArgumentException(
          "longhaul.worker.drain must not be below 0, such as 20s, but is " + drain);
    }
    if (!inputTtl.isPositive()) {
      throw new IllegalArgumentException("longhaul.worker.input-ttl must be positive.");
    }
    if (!stuckAfter.isPositive()) {
      throw new IllegalArgumentException(
          "longhaul.worker.stuck-after must be positive, such as 30s.");
    }
    if (!(backoffJitter >= 0 && backoffJitter <= 1)) {
      throw new IllegalArgumentException(
          "longhaul.worker.backoff-jitter must be from 0 (none) to 1, such as 0.1.");
    }
    var _ = Pool.of(pools); // refuses what makes no sense
  }

  /** The named queues that some pool of this process works on. */
  public Set<String> queues() {
    Set<String> queues = new LinkedHashSet<>();
    runningPools().forEach(pool -> queues.addAll(pool.queues()));
    return queues;
  }

  /** How many jobs each pool of this process runs at once, by name. */
  public Map<String, Integer> slots() {
    Map<String, Integer> slots = new LinkedHashMap<>();
    runningPools().forEach(pool -> slots.put(pool.name(), pool.concurrency()));
    return slots;
  }

  /** The pools that this process has. */
  List<Pool> runningPools() {
    return Pool.of(pools);
  }
}
