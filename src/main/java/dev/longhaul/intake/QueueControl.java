package dev.longhaul.intake;

import dev.longhaul.queue.QueueAdmin.QueueView;
import dev.longhaul.queue.QueueAdmin.ToolUse;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What every front door does with whole queues. They belong to the operator, not to a caller.
 * Methods that name a queue throw {@link Refusal.UnknownQueue} for one that no tool uses and that
 * never had a job.
 */
public interface QueueControl {

  /** The queues of all tools, and all others that ever had a job, by name. */
  List<QueueView> queues();

  /** How busy tools are, by name and in their order. */
  Map<String, ToolUse> toolUse(Collection<String> tools);

  /** One queue. */
  QueueView queue(String name);

  /** Nothing more is started from it; what runs goes on, and new jobs are taken. */
  QueueView pause(String name);

  /** New jobs are refused; what waits is still worked off. */
  QueueView drain(String name);

  /** Takes and starts jobs again. */
  QueueView resume(String name);
}
