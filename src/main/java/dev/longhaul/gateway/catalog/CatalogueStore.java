package dev.longhaul.gateway.catalog;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What processes tell each other of upstreams. Every method throws {@link
 * dev.longhaul.redis.RedisUnavailableException} if Redis is not available.
 */
public interface CatalogueStore {

  /** The version of what is stored of each upstream, by its name. */
  Map<String, String> versions();

  /** What is stored of these upstreams, as text. */
  Map<String, String> read(Collection<String> upstreams);

  /** Stores what a worker has learned of an upstream. */
  void write(String upstream, String text);

  void remove(String upstream);

  /** The upstreams that an operator has switched off, for all processes. */
  Set<String> switchedOff();

  void switchOff(String upstream, boolean off);

  /** The views of upstreams by process, as text; only those that are fresh. */
  Map<String, String> views();

  /** Stores the view of this process for a while. */
  void view(String text);

  /** Deletes the view of this process, which stops. */
  void noView();

  /** Sends a command to all other processes. */
  void command(String text);

  /** Sets who gets the commands of other processes. It may block. */
  void onCommand(Consumer<String> listener);
}
