package dev.longhaul.intake.cache;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.QueueAnswers;
import dev.longhaul.intake.Submission;
import dev.longhaul.queue.AnswerStore;
import dev.longhaul.queue.AnswerStore.Forgotten;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.tool.Change;
import dev.longhaul.tool.Changes;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Forgets here, in Redis, and through it everywhere. */
final class ForgettingCache implements ResultCache, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ForgettingCache.class);

  private final AnswerStore store;
  private final CallPlans plans;
  private final MemoryLevel memory;
  private final SharedRuns runs;
  private final CacheStatistics statistics;
  private final long limit;
  private final JobQueue.Watch heard;
  private final Changes.Watch changed;

  ForgettingCache(
      AnswerStore store,
      CallPlans plans,
      MemoryLevel memory,
      SharedRuns runs,
      CacheStatistics statistics,
      Changes changes,
      long limit) {
    this.store = store;
    this.plans = plans;
    this.memory = memory;
    this.runs = runs;
    this.statistics = statistics;
    this.limit = limit;
    this.heard = store.onForgotten(this::here);
    this.changed = changes.listen(this::changed);
  }

  private void here(Forgotten what) {
    memory.forget(what);
    runs.forget(what);
  }

  // First and last: what is read from Redis in between may still be the old answer.
  private void forget(Forgotten what, Runnable everywhere) {
    here(what);
    try {
      QueueAnswers.translated(() -> {
        everywhere.run();
        return what;
      });
    } finally {
      here(what);
    }
  }

  @Override
  public void forgetTool(String tool) {
    Duration remembered = plans.remembered(tool);
    forget(new Forgotten.Name(tool), () -> store.forget(tool, remembered));
  }

  @Override
  public void forgetCall(Caller caller, String tool, ObjectNode arguments) {
    ObjectNode params = JsonNodeFactory.instance.objectNode().put("name", tool);
    params.set("arguments", arguments);
    var place = plans.place(tool, Submission.toolCall(caller, params));
    forget(
        new Forgotten.Call(place.name(), place.call()),
        () -> store.forget(place.name(), place.call()));
  }

  @Override
  public void forgetResource(String uri) {
    plans
        .rememberedResource(uri)
        .ifPresent(remembered -> {
          String name = CallKeys.name(uri);
          forget(new Forgotten.Name(name), () -> store.forget(name, remembered));
        });
  }

  @Override
  public void forgetLists() {
    forget(
        new Forgotten.Name(ListCache.NAME),
        () -> store.forget(ListCache.NAME, Duration.ofMinutes(1)));
  }

  private void changed(Change change) {
    try {
      switch (change) {
        case Change.Resource(String uri) -> forgetResource(uri);
        // Every process hears of it by itself, and nothing of lists is in Redis.
        case Change.Resources _, Change.Prompts _ -> here(new Forgotten.Name(ListCache.NAME));
        case Change.Tools _ -> {}
      }
    } catch (IntakeException e) {
      log.warn(
          "Redis could not be told that {} has changed; what is kept of it there ends by itself",
          change,
          e);
    }
  }

  @Override
  public CacheStatistics statistics() {
    return statistics;
  }

  @Override
  public Memory memory() {
    return new Memory(memory.size(), memory.bytes(), limit);
  }

  @Override
  public void close() {
    heard.close();
    changed.close();
  }
}
