package dev.longhaul.rest;

import dev.longhaul.rest.Problem.Place;
import dev.longhaul.schema.Violations;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The query parameters of a request. Unknown, repeated and unreadable ones are refused. */
final class Query {
  private final Map<String, String[]> parameters;

  private Query(Map<String, String[]> parameters) {
    this.parameters = parameters;
  }

  /**
   * Reads the parameters.
   *
   * @param known the names that the operation has
   */
  static Query of(HttpServletRequest request, Set<String> known) {
    Map<String, String[]> parameters = parameters(request);
    Violations violations = new Violations();
    for (Map.Entry<String, String[]> parameter : parameters.entrySet()) {
      if (violations.full()) {
        break;
      }
      String name = parameter.getKey();
      if (!known.contains(name)) {
        violations.add(
            name,
            known.isEmpty()
                ? "unknown; this operation has no parameters"
                : violations.unknown(name, known));
      } else if (parameter.getValue().length > 1) {
        violations.add(name, "given more than once");
      }
    }
    if (!violations.none()) {
      throw new BadRequestException(violations);
    }
    return new Query(parameters);
  }

  /**
   * All parameters, of the query and of a form.
   *
   * @throws BadRequestException if the container cannot read them: one without a name, a percent
   *     sign without its two digits, more than the container's limits
   */
  static Map<String, String[]> parameters(HttpServletRequest request) {
    try {
      return request.getParameterMap();
    } catch (IllegalStateException e) { // as the Servlet specification has it since 6.1
      throw new BadRequestException(
          ProblemType.INVALID_REQUEST,
          "The query cannot be read. Send parameters as name=value, joined by &, with what is"
              + " special in them percent-encoded.");
    }
  }

  /** The text, or null if it is absent or empty. */
  @Nullable String text(String name) {
    String[] values = parameters.get(name);
    return values == null || values[0].isEmpty() ? null : values[0];
  }

  int integer(String name, int absent, int min, int max) {
    String text = text(name);
    if (text == null) {
      return absent;
    }
    try {
      int number = Integer.parseInt(text);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // refused below, like a number out of range
    }
    throw wrong(name, "must be a whole number of " + min + " to " + max);
  }

  boolean flag(String name) {
    String text = text(name);
    if (text == null || text.equals("false")) {
      return false;
    }
    if (text.equals("true")) {
      return true;
    }
    throw wrong(name, "must be true or false");
  }

  private static BadRequestException wrong(String name, String message) {
    return new BadRequestException(List.of(new Place(name, message)));
  }
}
