package dev.longhaul.catalog;

import java.util.Collection;
import java.util.Optional;

/** Resources, prompts and completions, each kind in a stable order. */
public interface Primitives {

  /** Waits a moment if what there is is not known yet, as shortly after a start. */
  default void awaitFirst() {}

  Collection<Resource> resources();

  Collection<ResourceTemplate> templates();

  Collection<Prompt> prompts();

  /**
   * The handler for a URI: that of the resource with this URI, or of the first matching template.
   */
  Optional<PrimitiveHandler> reader(String uri);

  /** The URI of that resource, or the text of that template. */
  Optional<String> resourceName(String uri);

  Optional<Prompt> prompt(String name);

  Optional<Completion> completion(Completion.Reference of);
}
