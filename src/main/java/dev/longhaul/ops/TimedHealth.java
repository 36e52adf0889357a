package dev.longhaul.ops;

import dev.longhaul.thread.Threads;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * A health component that is down if its check takes longer than two seconds, so that a slow
 * component does not make the whole health request time out. At most one check runs at a time,
 * shared by all requests.
 */
final class TimedHealth implements HealthIndicator {
  static final long LIMIT_MILLIS = 2_000;

  private final HealthIndicator component;
  private @Nullable CompletableFuture<Health> look;

  TimedHealth(HealthIndicator component) {
    this.component = component;
  }

  @Override
  public Health health() {
    try {
      return look().get(LIMIT_MILLIS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return Health.down()
          .withDetail("reason", "There was no answer within " + LIMIT_MILLIS + " ms.")
          .build();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      return Health.down(cause == null ? e : cause).build();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Health.unknown().build();
    }
  }

  private synchronized CompletableFuture<Health> look() {
    CompletableFuture<Health> current = look;
    if (current == null || current.isDone()) {
      var begun = new CompletableFuture<Health>();
      look = begun;
      Threads.virtual("longhaul-health", () -> complete(begun));
      return begun;
    }
    return current;
  }

  private void complete(CompletableFuture<Health> begun) {
    try {
      begun.complete(component.health());
    } catch (RuntimeException | Error e) {
      begun.completeExceptionally(e);
    }
  }
}
