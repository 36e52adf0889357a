package dev.longhaul.intake;

import dev.longhaul.queue.QueueAdmin.CallerPage;
import dev.longhaul.queue.QueueAdmin.QueueView;
import dev.longhaul.queue.QueueAdmin.ToolUse;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Operations on whole queues, for all front doors. Queues belong to the operator, not to a caller.
 * Methods that name a queue throw {@link Refusal.UnknownQueue} if no tool uses it and it never had
 * a job.
 */
public interface QueueControl {

  /** The queues of all tools, and all others that ever had a job, sorted by name. */
  List<QueueView> queues();

  /** The current load of tools, by name and in the given order. */
  Map<String, ToolUse> toolUse(Collection<String> tools);

  /** One queue. */
  QueueView queue(String name);

  /**
   * Whose jobs wait in a queue, by name.
   *
   * @param cursor where the page begins, or null for the first
   * @param limit how many callers at most
   */
  CallerPage callers(String name, @Nullable String cursor, int limit);

  /** Stops starting jobs from the queue. Running jobs continue, and new jobs are accepted. */
  QueueView pause(String name);

  /** Refuses new jobs. Jobs that wait are still run. */
  QueueView drain(String name);

  /** Accepts and starts jobs again. */
  QueueView resume(String name);
}
