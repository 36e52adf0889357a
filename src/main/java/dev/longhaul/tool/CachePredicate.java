package dev.longhaul.tool;

import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * Decides by the arguments whether a result may be cached, in addition to the setting {@code
 * cache-when}: both must allow it. It has no effect on tools that are not declared cacheable.
 * Declare it as a bean.
 *
 * <pre>{@code
 * @Bean
 * CachePredicate onlyClosedYears() {
 *   return CachePredicate.of("report", arguments -> arguments.path("year").asInt() < 2026);
 * }
 * }</pre>
 */
public interface CachePredicate {

  /**
   * The names of the tools that it decides about; an unknown name fails the start of the
   * application.
   */
  Set<String> tools();

  /**
   * Whether a result may be cached. It must be quick and must not block. If it throws, the
   * exception is logged and the result is not cached.
   *
   * @param tool the tool's name
   * @param arguments its arguments, not yet checked against the tool's schema; do not change them
   */
  boolean cacheable(String tool, ObjectNode arguments);

  /** Creates a predicate for one tool. */
  static CachePredicate of(String tool, java.util.function.Predicate<ObjectNode> predicate) {
    return new CachePredicate() {
      @Override
      public Set<String> tools() {
        return Set.of(tool);
      }

      @Override
      public boolean cacheable(String name, ObjectNode arguments) {
        return predicate.test(arguments);
      }
    };
  }
}
