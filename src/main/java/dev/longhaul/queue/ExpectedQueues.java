package dev.longhaul.queue;

import java.util.Set;

/** The named queues that a worker must serve, because calls may put jobs into them. */
@FunctionalInterface
public interface ExpectedQueues {
  /** Their names. */
  Set<String> names();
}
