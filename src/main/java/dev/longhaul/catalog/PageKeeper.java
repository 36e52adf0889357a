package dev.longhaul.catalog;

import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/** Where pages of resources/list and the like may be kept. */
@FunctionalInterface
public interface PageKeeper {
  /** Keeps nothing. */
  PageKeeper NONE = (list, cursor, made) -> made.get();

  /**
   * A page: one that is kept, or the one that is made now.
   *
   * @param list which list
   * @param cursor the cursor as it was sent, or an empty string
   */
  ObjectNode page(String list, String cursor, Supplier<ObjectNode> made);
}
