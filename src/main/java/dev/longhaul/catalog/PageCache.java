package dev.longhaul.catalog;

import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/** A cache for pages of resources/list and similar lists. */
@FunctionalInterface
public interface PageCache {
  /** Caches nothing. */
  PageCache NONE = (list, cursor, made) -> made.get();

  /**
   * Returns a cached page or creates it.
   *
   * @param list the name of the list
   * @param cursor the cursor in the request, or an empty string
   */
  ObjectNode page(String list, String cursor, Supplier<ObjectNode> made);
}
