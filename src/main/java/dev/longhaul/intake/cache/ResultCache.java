package dev.longhaul.intake.cache;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.QueueAnswers;
import dev.longhaul.intake.Refusal;
import dev.longhaul.intake.Submission;
import dev.longhaul.job.CacheKey;
import dev.longhaul.queue.CacheStore;
import dev.longhaul.queue.CacheStore.Invalidation;
import dev.longhaul.queue.JobQueue.Watch;
import dev.longhaul.tool.Change;
import dev.longhaul.tool.Changes;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Invalidates cached results in all processes. Results of calls that are running at that moment are
 * not cached. Inject it where data changes on which a tool's results depend; for resources a report
 * to {@link Changes} has the same effect.
 *
 * <p>Every invalidation throws {@link IntakeException} with {@link Refusal.Unavailable} if Redis
 * does not answer; the results in this process are invalidated even then.
 */
public final class ResultCache implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ResultCache.class);

  private final CacheStore store;
  private final CacheableCalls calls;
  private final LocalCache local;
  private final SingleFlight flights;
  private final CacheStatistics statistics;
  private final Watch invalidations;
  private final Changes.Watch changes;

  ResultCache(
      CacheStore store,
      CacheableCalls calls,
      LocalCache local,
      SingleFlight flights,
      CacheStatistics statistics,
      Changes changes) {
    this.store = store;
    this.calls = calls;
    this.local = local;
    this.flights = flights;
    this.statistics = statistics;
    this.invalidations = store.onInvalidation(this::invalidateHere);
    this.changes = changes.listen(this::changed);
  }

  /**
   * Invalidates all results of a tool, for all callers.
   *
   * @throws IntakeException {@link Refusal.UnknownTool} if none of that name is served
   */
  public void forgetTool(String tool) {
    invalidate(new Invalidation(calls.id(tool), null), calls.remembered(tool));
  }

  /**
   * Invalidates the result of one call, for this caller or, if the tool's results are shared, for
   * all.
   *
   * @throws IntakeException {@link Refusal.UnknownTool} if none of that name is served
   */
  public void forgetCall(Caller caller, String tool, ObjectNode arguments) {
    ObjectNode params = JsonNodeFactory.instance.objectNode().put("name", tool);
    params.set("arguments", arguments);
    CacheKey key = calls.key(tool, Submission.toolCall(caller, params));
    invalidate(new Invalidation(key.name(), key.call()), calls.remembered(tool));
  }

  /** Invalidates the content of a resource, for all callers. */
  public void forgetResource(String uri) {
    calls
        .rememberedResource(uri)
        .ifPresent(time -> invalidate(new Invalidation(CacheKeys.name(uri), null), time));
  }

  /** Invalidates the lists of resources, resource templates and prompts. */
  public void forgetLists() {
    invalidate(new Invalidation(CachedResults.LISTS, null), Duration.ofMinutes(1));
  }

  // The local cache is invalidated before, in case Redis does not answer, and after, because an old
  // result may have been read from Redis in between.
  private void invalidate(Invalidation what, Duration remembered) {
    invalidateHere(what);
    try {
      QueueAnswers.translated(() -> {
        store.invalidate(what, remembered);
        return what;
      });
    } finally {
      invalidateHere(what);
    }
  }

  private void invalidateHere(Invalidation what) {
    local.invalidate(what);
    flights.invalidate(what);
  }

  private void changed(Change change) {
    try {
      switch (change) {
        case Change.Resource(String uri) -> forgetResource(uri);
        // Every process receives the change itself, and lists are not in Redis.
        case Change.Resources _, Change.Prompts _ ->
            invalidateHere(new Invalidation(CachedResults.LISTS, null));
        case Change.Tools _ -> {}
      }
    } catch (IntakeException e) {
      log.warn(
          "Cached results of {} in Redis could not be invalidated; they are used until they expire",
          change,
          e);
    }
  }

  /** Counts of how calls were answered in this process. */
  public CacheStatistics statistics() {
    return statistics;
  }

  /** The size of the cache in this process's memory. */
  public Memory memory() {
    return local.memory();
  }

  /**
   * The cache in this process's memory.
   *
   * @param entries the number of results
   * @param bytes their size in bytes
   * @param limit their maximum size in bytes
   */
  public record Memory(long entries, long bytes, long limit) {}

  @Override
  public void close() {
    invalidations.close();
    changes.close();
  }
}
