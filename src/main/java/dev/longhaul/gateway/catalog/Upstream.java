package dev.longhaul.gateway.catalog;

import org.jspecify.annotations.Nullable;

/**
 * An upstream as the catalogue knows it in every role. Its configuration is only in workers and may
 * be replaced while the server runs, so it is looked up by the name for each call.
 *
 * @param queue the queue of its own in which calls wait; null for that of each tool's policy
 * @param identity how it learns for whom a call is made ({@link
 *     dev.longhaul.gateway.config.OwnerIdentity#mode}); null if it does not
 */
public record Upstream(String name, @Nullable String queue, @Nullable String identity) {
  /** An upstream that does not learn for whom a call is made. */
  public Upstream(String name, @Nullable String queue) {
    this(name, queue, null);
  }
}
