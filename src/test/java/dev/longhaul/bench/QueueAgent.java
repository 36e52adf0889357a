package dev.longhaul.bench;

import dev.longhaul.job.JobRequest;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.worker.Worker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/**
 * Longhaul's side of bench/queue: executes the commands on its standard input, and replies to each
 * with a line of {@code @} and JSON. bench/queue/bullmq.mjs implements the same commands for the
 * peer.
 *
 * <pre>
 * bulk JOBS BATCH CALLERS   enqueue JOBS in calls of BATCH, from CALLERS at once   {"ms"}
 * single JOBS CALLERS       the same, one job a call                               {"ms"}
 * process JOBS              start the worker, run JOBS that wait, stop it          {"ms"}
 * work | rest               start or stop the worker                               {}
 * keep JOBS BATCH           run JOBS of those that wait; for each BATCH that ended, enqueue another {"ms"}
 * fair CALLERS              the jobs that start before the first one of a caller that has none waiting,
 *                           for some callers one after the other, while another caller has many
 *                                                                      {"before":[jobs]}
 * latency SAMPLES           one job at a time for an idle worker      {"pickup":[ms], "done":[ms]}
 * hang                      enqueue a job whose tool hangs                         {}
 * </pre>
 */
final class QueueAgent {
  private static final PrintStream OUT =
      new PrintStream(System.out, true, StandardCharsets.UTF_8); // before Spring's banner and logs

  private final JobQueue jobs;
  private final Worker worker;
  private final BenchTools tools;
  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

  private QueueAgent(JobQueue jobs, Worker worker, BenchTools tools) {
    this.jobs = jobs;
    this.worker = worker;
    this.tools = tools;
  }

  /**
   * Serves until its standard input ends.
   *
   * @param args "work" to leave the worker running, and settings of the application, such as {@code
   *     --spring.data.redis.url}
   */
  public static void main(String[] args) throws Exception {
    boolean work = args.length > 0 && args[0].equals("work");
    var context = AgentApplication.start(work ? Arrays.copyOfRange(args, 1, args.length) : args);
    var agent =
        new QueueAgent(
            context.getBean(JobQueue.class),
            context.getBean(Worker.class),
            context.getBean(BenchTools.class));
    if (!work) {
      agent.worker.stop();
    }
    say("{\"ready\":true}");
    agent.serve();
    context.close();
    System.exit(0);
  }

  static void say(String json) {
    OUT.println("@ " + json);
  }

  private void serve() throws IOException, InterruptedException, ExecutionException {
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String line;
    while ((line = in.readLine()) != null) {
      List<String> words = List.of(line.split(" ", -1));
      int[] numbers = words.stream().skip(1).mapToInt(Integer::parseInt).toArray();
      say(
          switch (words.getFirst()) {
            case "bulk" -> bulk(numbers[0], numbers[1], numbers[2]);
            case "single" -> bulk(numbers[0], 1, numbers[1]);
            case "process" -> process(numbers[0]);
            case "keep" -> keep(numbers[0], numbers[1]);
            case "fair" -> fair(numbers[0]);
            case "latency" -> latency(numbers[0]);
            case "work" -> {
              worker.start();
              yield "{}";
            }
            case "rest" -> {
              worker.stop();
              yield "{}";
            }
            case "hang" -> {
              jobs.enqueue(List.of(BenchTools.hang()));
              yield "{}";
            }
            default -> throw new IllegalArgumentException(line);
          });
    }
  }

  private String bulk(int count, int batch, int atOnce)
      throws InterruptedException, ExecutionException {
    List<JobRequest> requests = Collections.nCopies(batch, BenchTools.noop());
    int calls = count / batch / atOnce;
    long from = System.nanoTime();
    List<? extends Future<?>> running =
        IntStream.range(0, atOnce)
            .mapToObj(caller ->
                callers.submit(() -> {
                  for (int i = 0; i < calls; i++) {
                    jobs.enqueue(requests);
                  }
                }))
            .toList();
    for (Future<?> caller : running) {
      caller.get();
    }
    return took(from);
  }

  private String process(int count) throws InterruptedException {
    long from = System.nanoTime();
    worker.start();
    tools.awaitEnded(count);
    String took = took(from);
    worker.stop();
    return took;
  }

  private String keep(int count, int batch) throws InterruptedException {
    List<JobRequest> requests = Collections.nCopies(batch, BenchTools.noop());
    long from = System.nanoTime();
    worker.start();
    for (int i = 0; i < count / batch; i++) {
      tools.awaitEnded(batch);
      jobs.enqueue(requests);
    }
    String took = took(from);
    worker.stop();
    tools.forgetEnded();
    return took;
  }

  private String fair(int others) throws InterruptedException {
    List<Long> before = new ArrayList<>();
    worker.start();
    tools.awaitEnded(1_000); // a worker that has just started claims for all slots
    // After a long wait the other caller has few left.
    while (before.size() < others && (before.isEmpty() || before.getLast() < 5_000)) {
      jobs.enqueue(List.of(BenchTools.firstOf("caller-" + before.size())));
      long acknowledged = tools.started();
      before.add(Math.max(0, tools.awaitFirst() - acknowledged));
    }
    worker.stop();
    tools.forgetEnded();
    return "{\"before\":" + before + "}";
  }

  private String latency(int samples) throws InterruptedException {
    tools.forgetEnded();
    double[] pickup = new double[samples];
    double[] done = new double[samples];
    for (int i = 0; i < samples; i++) {
      // A random time after which the worker certainly waits again.
      Thread.sleep(ThreadLocalRandom.current().nextLong(30, 50));
      long from = System.nanoTime();
      jobs.enqueue(List.of(BenchTools.noop()));
      tools.awaitEnded(1);
      done[i] = millis(System.nanoTime() - from);
      pickup[i] = millis(tools.began() - from);
    }
    return "{\"pickup\":" + Arrays.toString(pickup) + ",\"done\":" + Arrays.toString(done) + "}";
  }

  private static String took(long from) {
    return String.format(Locale.ROOT, "{\"ms\":%.3f}", millis(System.nanoTime() - from));
  }

  private static double millis(long nanos) {
    return nanos / 1e6;
  }
}
