package dev.longhaul.tool;

import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * Decides by the arguments which results of tools may be cached. A bean of this type counts beside
 * {@code cache-when}: both must agree, and it makes no tool cacheable that is not declared so.
 *
 * <pre>{@code
 * @Bean
 * CachePredicate onlyClosedYears() {
 *   return CachePredicate.of("report", arguments -> arguments.path("year").asInt() < 2026);
 * }
 * }</pre>
 */
public interface CachePredicate {

  /** The names of the tools it is asked about; one that is not served stops the start. */
  Set<String> tools();

  /**
   * Whether a result may be cached. It must be quick and must not block; what it throws is logged,
   * and the call is made.
   *
   * @param tool the tool
   * @param arguments its arguments, not yet checked against the tool's schema; not to be changed
   */
  boolean cacheable(String tool, ObjectNode arguments);

  /** One for one tool. */
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
