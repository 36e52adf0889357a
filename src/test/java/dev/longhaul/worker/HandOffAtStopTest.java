package dev.longhaul.worker;

import static dev.longhaul.worker.WorkerFixture.LIMIT;
import static dev.longhaul.worker.WorkerFixture.REPEATABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.longhaul.catalog.RegisteredPrimitives;
import dev.longhaul.catalog.ServedMethods;
import dev.longhaul.catalog.ToolRunner;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobRequest;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.Completion;
import dev.longhaul.queue.HandOff;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.LeaseToken;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.testing.Tools;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;

/** Jobs that are being stored by a process whose worker is stopping. */
@Timeout(120)
class HandOffAtStopTest {
  @Test
  void aJobWhoseReplyComesDuringTheStopIsGivenBackAndNotLeftToItsLease() throws Exception {
    try (var fixture = new WorkerFixture()) {
      AtomicReference<HandOff> handOff = new AtomicReference<>();
      List<Completion> sent = new CopyOnWriteArrayList<>();
      JobQueue jobs =
          (JobQueue)
              Proxy.newProxyInstance(
                  getClass().getClassLoader(),
                  new Class<?>[] {JobQueue.class},
                  (_, method, given) -> {
                    if (method.getName().equals("handTo")) {
                      handOff.set((HandOff) given[0]);
                    }
                    try {
                      return method.invoke(fixture.jobs, given);
                    } catch (InvocationTargetException e) {
                      throw e.getCause();
                    }
                  });
      WorkQueue real = fixture.redis.work();
      WorkQueue work =
          (WorkQueue)
              Proxy.newProxyInstance(
                  getClass().getClassLoader(),
                  new Class<?>[] {WorkQueue.class},
                  (_, method, given) -> {
                    if (method.getName().equals("step")) {
                      ((List<?>) given[0]).forEach(one -> sent.add((Completion) one));
                    }
                    try {
                      return method.invoke(real, given);
                    } catch (InvocationTargetException e) {
                      throw e.getCause();
                    }
                  });
      var tools = WorkerFixture.tools("quick", _ -> Tools.text("done"));
      Worker worker =
          WorkerConfiguration.worker(
              work,
              jobs,
              fixture.redis.flows(1_000),
              tools,
              new ServedMethods(tools, new RegisteredPrimitives(), LIMIT, 100),
              new ToolRunner(Tools.JSON),
              new DefaultListableBeanFactory().getBeanProvider(JobListener.class),
              WorkerFixture.settings(4, LIMIT),
              Clock.systemUTC(),
              Tools.JSON,
              () -> {});
      worker.start();
      JobRequest request = WorkerFixture.request("quick", REPEATABLE, LIMIT, 0);
      AtomicReference<Optional<HandOff.Place>> place = new AtomicReference<>(Optional.empty());
      await()
          .atMost(LIMIT)
          .until(() -> {
            place.set(handOff.get().place(request));
            return place.get().isPresent();
          });

      // The job's enqueue is under way when the process is told to stop.
      var stopped = CompletableFuture.runAsync(worker::stop);
      assertThatThrownBy(() -> stopped.get(500, TimeUnit.MILLISECONDS))
          .as("the stop, which waits for the reply")
          .isInstanceOf(TimeoutException.class);
      Instant now = Instant.now();
      place
          .get()
          .orElseThrow()
          .run(
              new Claim(
                  JobId.create(now.toEpochMilli(), 0),
                  new LeaseToken(1, "nonce"),
                  request.spec(),
                  request.params(),
                  request.headers(),
                  1,
                  now,
                  now.plus(LIMIT),
                  Duration.ZERO,
                  false,
                  null));

      stopped.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
      assertThat(sent).singleElement().isInstanceOf(Completion.GivenBack.class);
    }
  }
}
