package dev.longhaul.testsupport.queue;

import dev.longhaul.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Jobs that are remembered under a digest for a while. */
final class RememberedCalls {
  private final Map<String, Call> calls = new HashMap<>();

  private record Call(JobId id, Instant until) {}

  /** Remembers; returns how many calls are known now. */
  int put(String digest, JobId id, Instant now, Duration life) {
    calls.values().removeIf(call -> !call.until().isAfter(now));
    calls.put(digest, new Call(id, now.plus(life)));
    return calls.size();
  }

  Optional<JobId> get(String digest, Instant now) {
    return Optional.ofNullable(calls.get(digest))
        .filter(call -> call.until().isAfter(now))
        .map(Call::id);
  }
}
