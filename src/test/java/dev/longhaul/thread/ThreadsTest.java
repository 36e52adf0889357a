package dev.longhaul.thread;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class ThreadsTest {
  private final ClassLoader before = Thread.currentThread().getContextClassLoader();

  @AfterEach
  void restore() {
    Thread.currentThread().setContextClassLoader(before);
  }

  static List<Consumer<Runnable>> starts() {
    return List.of(
        task -> Threads.virtual("test", task),
        task -> Threads.platform("test", task),
        task -> Threads.loop("test", task),
        task -> Threads.lasting("test", task),
        in(Threads.timer("test", 1)),
        in(Threads.timer("test", 2)),
        in(Threads.fixed("test", 1, new LinkedBlockingQueue<>())),
        in(Threads.reused("test")),
        in(Threads.requests("test", 1)));
  }

  private static Consumer<Runnable> in(ExecutorService pool) {
    return task -> {
      pool.execute(task);
      pool.shutdown();
    };
  }

  /** In a packaged application the system class loader has neither its classes nor its services. */
  @ParameterizedTest
  @MethodSource("starts")
  void aThreadFindsClassesWhereTheOneThatStartedItDoes(Consumer<Runnable> start) throws Exception {
    try (var loader = new URLClassLoader(new URL[0], before)) {
      Thread.currentThread().setContextClassLoader(loader);
      var seen = new SynchronousQueue<ClassLoader>();
      start.accept(() -> {
        try {
          seen.put(Thread.currentThread().getContextClassLoader());
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      });

      assertThat(seen.poll(30, TimeUnit.SECONDS)).isSameAs(loader);
    }
  }
}
