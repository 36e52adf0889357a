package dev.longhaul.catalog;

import dev.longhaul.tool.CacheScope;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which answers of a tool may be given again, beside for how long.
 *
 * @param scope to whom
 * @param when what has to hold of the arguments, all of it
 */
public record CacheRules(CacheScope scope, List<CacheCondition> when) {
  /** All answers, each to the caller it was made for. */
  public static final CacheRules DEFAULT = new CacheRules(CacheScope.CALLER, List.of());

  public CacheRules {
    when = List.copyOf(when);
  }

  /** Whether an answer to these arguments may be kept. */
  public boolean allow(ObjectNode arguments) {
    return when.stream().allMatch(condition -> condition.holds(arguments));
  }
}
