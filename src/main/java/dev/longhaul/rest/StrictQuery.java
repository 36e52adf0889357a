package dev.longhaul.rest;

import dev.longhaul.schema.Violations;
import dev.longhaul.security.ServedPaths;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ValueConstants;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Refuses a query that cannot be read, and parameters that the operation does not have, that are
 * given more than once, or that are out of {@link Bounds}. Spring MVC, which binds them later,
 * ignores unknown ones, reports only the first mistake, and accepts 0x10 as a number.
 */
final class StrictQuery implements HandlerInterceptor {
  private final ServedPaths served;

  StrictQuery(ServedPaths served) {
    this.served = served;
  }

  /** Whether it is a controller of this package. */
  static boolean isOurs(Class<?> controller) {
    return controller.getPackage() == StrictQuery.class.getPackage();
  }

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    // In a host application the checks before us are mapped to our own paths only, and Spring MVC
    // may read a path in another way than the container that maps them, and so skip them.
    if (!served.containInApi(ServedPaths.path(request))) {
      throw new BadRequestException(
          ProblemType.INVALID_REQUEST, "The path can be read in more than one way.");
    }
    // Without a query, the parameters would be those of a form in the body.
    Map<String, String[]> given = request.getQueryString() == null ? Map.of() : read(request);
    if (handler instanceof HandlerMethod method && isOurs(method.getBeanType())) {
      check(given, parameters(method));
    }
    return true;
  }

  private static Map<String, String[]> read(HttpServletRequest request) {
    try {
      return request.getParameterMap();
    } catch (IllegalStateException e) { // thrown since Servlet 6.1
      throw new BadRequestException(
          ProblemType.INVALID_REQUEST,
          "The query cannot be read. Send parameters as name=value, joined by &, with what is"
              + " special in them percent-encoded.");
    }
  }

  /** The parameters in the query that the operation has, by their names. */
  static Map<String, MethodParameter> parameters(HandlerMethod method) {
    Map<String, MethodParameter> known = new LinkedHashMap<>();
    for (MethodParameter parameter : method.getMethodParameters()) {
      RequestParam annotation = parameter.getParameterAnnotation(RequestParam.class);
      if (annotation != null) {
        String name = annotation.name();
        known.put(name.isEmpty() ? parameter.getParameter().getName() : name, parameter);
      }
    }
    return known;
  }

  private static void check(Map<String, String[]> given, Map<String, MethodParameter> known) {
    Violations violations = new Violations();
    for (Map.Entry<String, String[]> one : given.entrySet()) {
      if (violations.full()) {
        break;
      }
      String name = one.getKey();
      if (!known.containsKey(name)) {
        violations.add(
            name,
            known.isEmpty()
                ? "unknown; this operation has no parameters"
                : violations.unknown(name, known.keySet()));
      } else if (one.getValue().length > 1) {
        violations.add(name, "given more than once");
      }
    }
    known.forEach((name, parameter) -> {
      String[] values = given.get(name);
      String wrong = wrong(parameter, values == null ? null : values[0]);
      if (wrong != null && !violations.full()) {
        violations.add(name, wrong);
      }
    });
    if (!violations.none()) {
      throw new BadRequestException(violations.list());
    }
  }

  /** Whether the parameter is required. */
  static boolean required(MethodParameter parameter) {
    RequestParam annotation = parameter.getParameterAnnotation(RequestParam.class);
    return annotation != null
        && annotation.required()
        && annotation.defaultValue().equals(ValueConstants.DEFAULT_NONE)
        && !parameter.isOptional();
  }

  /** The mistake in the text, or null; an empty text counts as missing. */
  private static @Nullable String wrong(MethodParameter parameter, @Nullable String text) {
    Bounds bounds = parameter.getParameterAnnotation(Bounds.class);
    Class<?> type = parameter.getParameterType();
    if (text == null || text.isEmpty()) {
      return required(parameter)
          ? "required" + (bounds == null ? "" : ", at most " + bounds.max() + " characters")
          : null;
    }
    if (type == int.class || type == Integer.class) {
      return number(bounds, text);
    }
    if (type == boolean.class) {
      return text.equals("true") || text.equals("false") ? null : "must be true or false";
    }
    return bounds == null || text.length() <= bounds.max()
        ? null
        : "at most " + bounds.max() + " characters";
  }

  private static @Nullable String number(@Nullable Bounds bounds, String text) {
    int least = bounds == null ? Integer.MIN_VALUE : bounds.min();
    int most = bounds == null ? Integer.MAX_VALUE : bounds.max();
    try {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return null;
      }
    } catch (NumberFormatException e) {
      // the same message as for a number out of range
    }
    return "must be a whole number of " + least + " to " + most;
  }
}
