package dev.longhaul.queue.redis.check;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Down while the Redis is not suitable for the queue, which is how a library reports it. */
final class RedisCheckHealthIndicator implements HealthIndicator {
  private final RedisCheck check;

  RedisCheckHealthIndicator(RedisCheck check) {
    this.check = check;
  }

  @Override
  public Health health() {
    return check
        .findProblem()
        .map(problem ->
            Health.down()
                .withDetail("problem", problem.description())
                .withDetail("action", problem.action())
                .build())
        .orElseGet(() -> Health.up().build());
  }
}
