package dev.longhaul.tool;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A question of a tool to its client (basic/patterns/mrtr, client/elicitation, client/sampling,
 * client/roots).
 *
 * @param key identifies the question among all of this call; null for a generated one
 * @param method {@code elicitation/create}, {@code sampling/createMessage} or {@code roots/list}
 * @param params the method's params
 */
public record Question(@Nullable String key, String method, ObjectNode params) {
  public static final String ELICITATION = "elicitation/create";
  public static final String SAMPLING = "sampling/createMessage";
  public static final String ROOTS = "roots/list";

  /** The methods that can be asked. */
  public static final Set<String> METHODS = Set.of(ELICITATION, SAMPLING, ROOTS);

  private static final int MAX_KEY = 128;

  public Question {
    if (!METHODS.contains(method)) {
      throw new IllegalArgumentException("method must be one of " + METHODS + ", not " + method);
    }
    if (key != null && (key.isBlank() || key.length() > MAX_KEY)) {
      throw new IllegalArgumentException("key must be 1 to " + MAX_KEY + " characters");
    }
  }

  /** The same question under another key. */
  public Question named(String other) {
    return new Question(other, method, params);
  }
}
