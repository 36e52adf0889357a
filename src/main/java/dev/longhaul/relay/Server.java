package dev.longhaul.relay;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The Longhaul that messages are relayed to. */
public interface Server {
  /**
   * Where it is. Waits until it has started, if it is the relay that starts it.
   *
   * @throws UnreachableException if it cannot be started
   */
  Address address() throws InterruptedException;

  /**
   * Where it is after a connection to that address has failed.
   *
   * @param failed the address that could not be reached
   * @throws UnreachableException if it cannot be started
   */
  Address after(Address failed) throws InterruptedException;

  /** Where it is if it is known to run; it is not started. */
  @Nullable Address running();

  /** One at a fixed address, which somebody else starts. */
  record Given(Address at) implements Server {
    private static final Duration PAUSE = Duration.ofMillis(500);

    @Override
    public Address address() {
      return at;
    }

    @Override
    public Address running() {
      return at;
    }

    @Override
    public Address after(Address failed) throws InterruptedException {
      Thread.sleep(PAUSE);
      return at;
    }
  }
}
