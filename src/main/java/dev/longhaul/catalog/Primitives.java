package dev.longhaul.catalog;

import java.util.Collection;
import java.util.Optional;

/** What this process serves beside tools, each kind in a stable order. */
public interface Primitives {

  Collection<Resource> resources();

  Collection<ResourceTemplate> templates();

  Collection<Prompt> prompts();

  /** What reads a URI: the resource at it, or the first template that covers it. */
  Optional<PrimitiveHandler> reader(String uri);

  Optional<Prompt> prompt(String name);

  Optional<Completion> completion(Completion.Reference of);
}
