package dev.longhaul.worker;

import dev.longhaul.catalog.ServedMethods;
import dev.longhaul.catalog.ToolCatalogue;
import dev.longhaul.catalog.ToolPolicy;
import dev.longhaul.catalog.ToolRunner;
import dev.longhaul.job.Role;
import dev.longhaul.queue.FlowQueue;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.thread.Listeners;
import dev.longhaul.thread.Threads;
import java.time.Clock;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** The beans of the worker, unless the role is api. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnExpression(Role.IF_JOBS)
@EnableConfigurationProperties(WorkerProperties.class)
public class WorkerConfiguration {
  private static final Logger log = LoggerFactory.getLogger(WorkerConfiguration.class);

  /** Not 0, so that a supervisor restarts the process. */
  private static final int EXIT_STUCK = 70;

  @Bean
  Worker longhaulWorker(
      WorkQueue queue,
      JobQueue jobs,
      FlowQueue flows,
      ToolCatalogue tools,
      ServedMethods methods,
      ToolRunner toolRunner,
      ObjectProvider<JobListener> listenerBeans,
      WorkerProperties properties,
      Clock clock,
      @Qualifier("mcpServerJsonMapper") JsonMapper json) {
    return worker(
        queue,
        jobs,
        flows,
        tools,
        methods,
        toolRunner,
        listenerBeans,
        properties,
        clock,
        json,
        WorkerConfiguration::exit);
  }

  // On another thread, because the shutdown waits for the worker's threads.
  private static void exit() {
    var _ = Threads.loop("longhaul-exit", () -> System.exit(EXIT_STUCK));
  }

  /** * @param exit ends the process; used only with longhaul.worker.exit-when-stuck */
  static Worker worker(
      WorkQueue queue,
      JobQueue jobs,
      FlowQueue flows,
      ToolCatalogue tools,
      ServedMethods methods,
      ToolRunner toolRunner,
      ObjectProvider<JobListener> listenerBeans,
      WorkerProperties properties,
      Clock clock,
      JsonMapper json,
      Runnable exit) {
    var times = new ToolTimes(queue);
    properties.pools().forEach(WorkerConfiguration::warnOfVirtualThreads);
    var listeners =
        new Listeners<>(
            Stream.concat(listenerBeans.orderedStream(), Stream.of(times)).toList(),
            "A JobListener failed; the job is not affected");
    var running = new RunningJobs();
    var policy = new AttemptPolicy(clock, properties.backoffJitter());
    var timer = Threads.timer("longhaul-timer", 1);
    var breakers = new Breakers(queue, listeners, timer);
    var stuck = new StuckTools(listeners);
    var computing = new ComputingTools(properties.limits().computing(), listeners);
    var asking = new AskingJobs(properties.limits().asking());
    var cpu = new CpuSlots(cpuSlots(properties), computing, System::nanoTime);
    var runner =
        new JobRunner(
            queue,
            toolRunner,
            new StepArguments(jobs, flows, tools, methods, json),
            running,
            stuck,
            policy,
            breakers,
            computing,
            asking,
            listeners,
            timer,
            properties.inputTtl(),
            clock,
            json);
    var reports = new Reports(listeners);
    var called = new CalledTools(tools, methods, json);
    var pools =
        new Pools(
            properties.runningPools(),
            pool ->
                new ClaimLoop(queue, called, stuck, runner, reports, pool, pool.newThreads(), cpu));
    pools.of(ToolPolicy.CPU_QUEUE).ifPresent(cpu::setHome);
    var watchdog =
        new Watchdog(
            running,
            stuck,
            pools::loops,
            pools::report,
            properties.stuckAfter(),
            properties.exitWhenStuck() ? exit : null,
            System::nanoTime);
    return new Worker(
        queue,
        jobs,
        pools,
        watchdog,
        stuck,
        new LeaseKeeper(queue, running),
        new Reaper(
            queue,
            listeners,
            open ->
                open.forEach(name ->
                    tools
                        .find(name)
                        .ifPresent(tool -> {
                          var _ = breakers.closeIfDisabled(tool);
                        }))),
        times,
        running,
        policy,
        tools,
        properties,
        timer,
        computing,
        asking);
  }

  private static int cpuSlots(WorkerProperties properties) {
    return properties.runningPools().stream()
        .filter(pool -> pool.queues().contains(ToolPolicy.CPU_QUEUE))
        .findFirst()
        .map(Pool::concurrency)
        .orElse(Runtime.getRuntime().availableProcessors());
  }

  private static void warnOfVirtualThreads(String pool, PoolSettings settings) {
    if (settings.threads() == PoolThreads.VIRTUAL) {
      log.warn(
          "longhaul.worker.pools.{}.threads=virtual has no effect any more: tools run on platform"
              + " threads, so that CPU-bound tools cannot block the process. Remove the setting",
          pool);
    }
  }
}
