package dev.longhaul.mcp;

import dev.longhaul.job.JobId;
import dev.longhaul.queue.HeldCalls;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Held calls in memory, for use with {@link FakeIntake}. */
final class HeldCallsInMemory implements HeldCalls {
  private final Map<String, Map<JobId, HeldCall>> calls = new ConcurrentHashMap<>();

  @Override
  public List<HeldCall> find(String digest) {
    return calls(digest).values().stream()
        .sorted(Comparator.comparing(HeldCall::since).reversed())
        .toList();
  }

  @Override
  public void put(String digest, HeldCall call, Duration life) {
    calls(digest).put(call.job(), call);
  }

  @Override
  public boolean change(String digest, HeldCall seen, HeldCall next, Duration life) {
    return calls(digest).replace(seen.job(), seen, next);
  }

  @Override
  public void remove(String digest, JobId job) {
    calls(digest).remove(job);
  }

  @Override
  public boolean remove(String digest, HeldCall seen) {
    return calls(digest).remove(seen.job(), seen);
  }

  private Map<JobId, HeldCall> calls(String digest) {
    return calls.computeIfAbsent(digest, _ -> new ConcurrentHashMap<>());
  }
}
