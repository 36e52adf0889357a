package dev.longhaul.intake.cache;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.Refusal;
import tools.jackson.databind.node.ObjectNode;

/**
 * Forgets answers that are kept, in all processes. What is being made at that moment is not kept
 * when it ends. Inject it where something changes that a tool's answers depend on; for resources
 * {@link dev.longhaul.tool.Changes} does it as well.
 *
 * <p>Every method throws {@link Refusal.Unavailable} if Redis cannot be told; this process has
 * forgotten even then.
 */
public interface ResultCache {

  /**
   * All answers of a tool, those of all callers.
   *
   * @throws IntakeException {@link Refusal.UnknownTool} if none of that name is served
   */
  void forgetTool(String tool);

  /**
   * The answer to one call: this caller's, or everybody's if the tool answers all alike.
   *
   * @throws IntakeException {@link Refusal.UnknownTool} if none of that name is served
   */
  void forgetCall(Caller caller, String tool, ObjectNode arguments);

  /** What a resource reads, for all callers. */
  void forgetResource(String uri);

  /** The lists of resources, resource templates and prompts. */
  void forgetLists();

  /** What became of calls in this process. */
  CacheStatistics statistics();

  /** How many answers are in this process's memory, and how many bytes they take. */
  Memory memory();

  /**
   * This process's memory level.
   *
   * @param limit how many bytes there may be
   */
  record Memory(long entries, long bytes, long limit) {}
}
