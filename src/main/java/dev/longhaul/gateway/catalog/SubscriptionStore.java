package dev.longhaul.gateway.catalog;

import java.util.Map;
import java.util.function.Consumer;

/**
 * What processes tell each other of the resources whose updates their clients want. Every method
 * but {@link #process} and {@link #onMessage} throws {@link
 * dev.longhaul.redis.RedisUnavailableException} if Redis is not available.
 */
public interface SubscriptionStore {

  /** The name of this process, which no other one has. */
  String process();

  /** What processes want, as text by process; only what is fresh. */
  Map<String, String> wanted();

  /** Stores for a while what this process wants. */
  void want(String text);

  /** This process wants nothing any more. */
  void wantNothing();

  /** Sends a message to all other processes. */
  void send(String message);

  /** Sets who gets the messages of other processes. It may block. */
  void onMessage(Consumer<String> listener);
}
