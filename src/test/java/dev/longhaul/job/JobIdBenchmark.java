package dev.longhaul.job;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** {@code make bench-jmh}: every job gets an id once, and reads one several times. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class JobIdBenchmark {
  private final String text = JobId.create(1_795_000_000_000L, 7).value();
  private final JobId id = new JobId(text);

  @Benchmark
  public JobId create() {
    return JobId.create(1_795_000_000_000L, 7);
  }

  @Benchmark
  public JobId parse() {
    return new JobId(text);
  }

  @Benchmark
  public int shard() {
    return id.shard();
  }
}
