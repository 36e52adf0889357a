package dev.longhaul.gateway;

import dev.longhaul.gateway.config.Entry;
import java.util.Locale;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Shows the upstreams of this process. Always up: one that is down makes its own tools fail, and a
 * restart of this process would not help.
 */
final class UpstreamHealth implements HealthIndicator {
  private final Upstreams upstreams;

  UpstreamHealth(Upstreams upstreams) {
    this.upstreams = upstreams;
  }

  @Override
  public Health health() {
    Health.Builder health = Health.up();
    for (LocalView view : upstreams.here()) {
      health.withDetail(
          view.name(),
          (view.state() == Entry.State.USED ? view.phase() : view.state())
              .toString()
              .toLowerCase(Locale.ROOT));
    }
    return health.build();
  }
}
