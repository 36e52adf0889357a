package dev.longhaul.intake.cache;

import dev.longhaul.catalog.PageKeeper;
import dev.longhaul.intake.cache.CacheStatistics.Kind;
import dev.longhaul.intake.cache.CacheStatistics.Result;
import dev.longhaul.queue.AnswerStore.Kept;
import dev.longhaul.queue.AnswerStore.Place;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Pages of the lists of resources, templates and prompts, in this process's memory only: they are
 * made of what each process has in memory anyway.
 */
final class ListCache implements PageKeeper {
  /** No tool can be called that. */
  static final String NAME = " lists";

  private final MemoryLevel memory;
  private final CacheStatistics statistics;
  private final Duration time;
  private final JsonMapper json;

  ListCache(MemoryLevel memory, CacheStatistics statistics, Duration time, JsonMapper json) {
    this.memory = memory;
    this.statistics = statistics;
    this.time = time;
    this.json = json;
  }

  /**
   * A page; the caller may change it.
   *
   * @param list which list
   * @param cursor where the page begins, empty for the first one
   * @param made makes it, or throws if there is no such page
   */
  @Override
  public ObjectNode page(String list, String cursor, Supplier<ObjectNode> made) {
    if (time.isZero()) {
      return made.get();
    }
    Place place = new Place(NAME, list + " " + cursor, "-");
    long before = memory.forgettings();
    Optional<Kept> kept = memory.find(place);
    statistics.count(Kind.LIST, kept.isPresent() ? Result.MEMORY_HIT : Result.MISS);
    if (kept.isPresent()) {
      return (ObjectNode) json.readTree(kept.get().json());
    }
    ObjectNode page = made.get();
    memory.putHere(
        place, new Kept(json.writeValueAsString(page), Duration.ZERO, time, null), before);
    return page;
  }
}
