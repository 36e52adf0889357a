package dev.longhaul.queue.redis;

import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Priority;
import dev.longhaul.job.RetryPolicy;
import dev.longhaul.queue.Completion;
import dev.longhaul.queue.LeaseToken;
import dev.longhaul.queue.WorkQueue.StepAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import tools.jackson.databind.json.JsonMapper;

/** {@code make bench-jmh}: writing the arguments of scripts and reading their replies. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class QueueMessagesBenchmark {
  private static final int BATCH = 50;
  private static final RetryPolicy RETRY = new RetryPolicy(3, RetryPolicy.DEFAULT_BACKOFF, true);

  private final JobFields fields = new JobFields(JsonMapper.builder().build());
  private final RedisQueueProperties.Queue queue =
      new RedisQueueProperties.Queue(
          0,
          Duration.ofSeconds(15),
          3,
          Duration.ofDays(7),
          List.of(20, 10, 0),
          List.of(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(60)),
          true,
          Map.of());
  private final StepMessages messages =
      new StepMessages(fields, "channel", _ -> {}, queue, RedisQueueFixture.RESULTS);
  private final JobId id = JobId.create(1_795_000_000_000L, 0);
  private final JobRequest request =
      new JobRequest(
          "tools/call",
          "noop",
          "{\"name\":\"noop\",\"arguments\":{\"data\":\"%s\"}}".formatted("x".repeat(150)),
          "local",
          "default",
          Priority.DEFAULT,
          Duration.ZERO,
          false,
          Duration.ofMinutes(5),
          Duration.ofMinutes(30),
          RETRY,
          Map.of());
  private final Map<String, String> stored = stored();
  private final List<@Nullable String> view =
      JobFields.VIEW.stream().<@Nullable String>map(stored::get).toList();
  private final List<Completion> completions =
      Collections.nCopies(
          BATCH,
          new Completion.Finished(
              id, new LeaseToken(1, "0123456789abcdef1"), new Outcome.Answered("{}", false)));
  private final List<Object> answer = answer();

  private Map<String, String> stored() {
    List<String> written = fields.write(request, queue, OptionalInt.empty());
    return Map.of("st", "queued", "c", "1795000000000 " + written.get(0), "p", written.get(1));
  }

  private List<Object> answer() {
    List<Object> claimed = new ArrayList<>();
    for (int i = 0; i < BATCH; i++) {
      claimed.addAll(Arrays.asList(id.value(), stored.get("c"), stored.get("p"), null));
    }
    return List.of(Collections.nCopies(BATCH, 1L), claimed, 1L, -1L, 0L, 1_795_000_000_012L);
  }

  @Benchmark
  public List<String> writeJob() {
    return fields.write(request, queue, OptionalInt.empty());
  }

  @Benchmark
  public Job readJob() {
    return fields.read(id, view).orElseThrow();
  }

  /** 50 completions, 50 claims wanted. */
  @Benchmark
  public List<String> writeStep() {
    return messages.write("nonce", Ended.of(completions), List.of("default"), BATCH, Set.of());
  }

  /** 50 completions accepted, 50 jobs claimed. */
  @Benchmark
  public StepAnswer readStep() {
    return messages.read(answer, List.of(), "nonce");
  }
}
