package dev.longhaul.catalog;

import java.util.Collection;
import java.util.Optional;

/** Where tools come from: this process's own registry, or a {@link CatalogueSource}. */
public interface ToolSource {

  /** The tool that clients call by that name. */
  Optional<Tool> find(String name);

  /**
   * The tool that a stored job runs, including internal ones that clients cannot call.
   *
   * @param id the tool's identity ({@link Tool#id})
   */
  default Optional<Tool> runnable(String id) {
    return find(id);
  }

  /** Waits a moment if what there is is not known yet, as shortly after a start. */
  default void awaitFirst() {}

  /** All tools, ordered as tools/list shows them. */
  Collection<Tool> all();
}
