package dev.longhaul.catalog;

/**
 * A bean with tools, resources, prompts and completions of another origin than this process, such
 * as those of upstreams. They may change while the server runs; whoever changes a list announces it
 * by {@link dev.longhaul.tool.Changes}.
 */
public interface CatalogueSource {

  ToolSource tools();

  Primitives primitives();

  /** Whether it may have tools that it does not know yet. */
  default boolean mayHaveMore() {
    return false;
  }
}
