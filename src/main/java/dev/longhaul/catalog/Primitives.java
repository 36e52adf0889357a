package dev.longhaul.catalog;

import java.util.Collection;
import java.util.Optional;

/** The resources, prompts and completions of this process, each kind in a stable order. */
public interface Primitives {

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
