package dev.longhaul.ops;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/**
 * Responds with 404 to {@code /actuator/health/a/b} if there is no component {@code a}, where
 * Spring Boot 4.1 fails with an internal error.
 */
final class UnknownHealth implements HandlerExceptionResolver, Ordered {
  private final String path;

  /**
   * @param path the path of health, with a trailing slash
   */
  UnknownHealth(String path) {
    this.path = path;
  }

  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }

  @Override
  public @Nullable ModelAndView resolveException(
      HttpServletRequest request,
      HttpServletResponse response,
      @Nullable Object handler,
      Exception exception) {
    String asked = request.getRequestURI().substring(request.getContextPath().length());
    boolean below = asked.startsWith(path) && asked.indexOf('/', path.length()) > 0;
    if (!below || !(exception instanceof IllegalStateException)) {
      return null;
    }
    response.setStatus(HttpServletResponse.SC_NOT_FOUND);
    return new ModelAndView();
  }
}
