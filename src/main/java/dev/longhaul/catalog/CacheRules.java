package dev.longhaul.catalog;

import dev.longhaul.tool.CacheScope;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which results of a tool are cached, and for whom.
 *
 * @param scope for whom
 * @param when the conditions on the arguments, all of which must hold
 */
public record CacheRules(CacheScope scope, List<CacheCondition> when) {
  /** All results, each for its own caller. */
  public static final CacheRules DEFAULT = new CacheRules(CacheScope.CALLER, List.of());

  public CacheRules {
    when = List.copyOf(when);
  }

  /** Whether the result for these arguments may be cached. */
  public boolean allow(ObjectNode arguments) {
    return when.stream().allMatch(condition -> condition.holds(arguments));
  }
}
