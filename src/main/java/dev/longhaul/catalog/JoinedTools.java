package dev.longhaul.catalog;

import dev.longhaul.schema.Violation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/** This process's own tools, and behind them those of other sources, which lose a shared name. */
final class JoinedTools implements ToolCatalogue {
  private final RegisteredTools own;
  private final Supplier<List<ToolSource>> sources;

  /**
   * @param sources the others, in order; the same at each call
   */
  JoinedTools(RegisteredTools own, Supplier<List<ToolSource>> sources) {
    this.own = own;
    this.sources = sources;
  }

  @Override
  public Optional<Tool> find(String name) {
    return first(source -> source.find(name));
  }

  @Override
  public Optional<Tool> runnable(String id) {
    return first(source -> source.runnable(id));
  }

  private Optional<Tool> first(Function<ToolSource, Optional<Tool>> search) {
    Optional<Tool> found = search.apply(own);
    return found.isPresent()
        ? found
        : sources.get().stream().map(search).flatMap(Optional::stream).findFirst();
  }

  @Override
  public boolean isInternal(String id) {
    return own.isInternal(id);
  }

  @Override
  public void awaitFirst() {
    sources.get().forEach(ToolSource::awaitFirst);
  }

  @Override
  public Collection<Tool> all() {
    List<ToolSource> others = sources.get();
    if (others.isEmpty()) {
      return own.all();
    }
    List<Tool> all = new ArrayList<>(own.all());
    Set<String> names = new HashSet<>();
    all.forEach(tool -> names.add(tool.name()));
    for (ToolSource source : others) {
      source.all().stream().filter(tool -> names.add(tool.name())).forEach(all::add);
    }
    return List.copyOf(all);
  }

  /** Only own tools are checked: errors in arguments of others are theirs to tell. */
  @Override
  public List<Violation> violations(Tool tool, JsonNode arguments) {
    return own.violations(tool, arguments);
  }
}
