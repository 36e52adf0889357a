package dev.longhaul.catalog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * This process's own resources, prompts and completions, and behind them those of other sources,
 * which lose a shared name or URI.
 */
final class JoinedPrimitives implements Primitives {
  private final RegisteredPrimitives own;
  private final Supplier<List<Primitives>> sources;

  /**
   * @param sources the others, in order; the same at each call
   */
  JoinedPrimitives(RegisteredPrimitives own, Supplier<List<Primitives>> sources) {
    this.own = own;
    this.sources = sources;
  }

  @Override
  public void awaitFirst() {
    sources.get().forEach(Primitives::awaitFirst);
  }

  @Override
  public Collection<Resource> resources() {
    return all(Primitives::resources, Resource::uri);
  }

  @Override
  public Collection<ResourceTemplate> templates() {
    return all(Primitives::templates, template -> template.template().toString());
  }

  @Override
  public Collection<Prompt> prompts() {
    return all(Primitives::prompts, Prompt::name);
  }

  @Override
  public Optional<PrimitiveHandler> reader(String uri) {
    return first(source -> source.reader(uri));
  }

  @Override
  public Optional<String> resourceName(String uri) {
    return first(source -> source.resourceName(uri));
  }

  @Override
  public Optional<Prompt> prompt(String name) {
    return first(source -> source.prompt(name));
  }

  @Override
  public Optional<Completion> completion(Completion.Reference of) {
    return own.knows(of) ? own.completion(of) : first(source -> source.completion(of));
  }

  private <T> Optional<T> first(Function<Primitives, Optional<T>> search) {
    Optional<T> found = search.apply(own);
    return found.isPresent()
        ? found
        : sources.get().stream().map(search).flatMap(Optional::stream).findFirst();
  }

  private <T> Collection<T> all(
      Function<Primitives, Collection<T>> list, Function<T, String> name) {
    List<Primitives> others = sources.get();
    Collection<T> first = list.apply(own);
    if (others.isEmpty()) {
      return first;
    }
    List<T> all = new ArrayList<>(first);
    Set<String> names = new HashSet<>();
    all.forEach(each -> names.add(name.apply(each)));
    for (Primitives source : others) {
      list.apply(source).stream().filter(each -> names.add(name.apply(each))).forEach(all::add);
    }
    return List.copyOf(all);
  }
}
