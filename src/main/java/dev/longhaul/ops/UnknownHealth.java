package dev.longhaul.ops;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/**
 * Answers 404 to {@code /actuator/health/a/b} where there is no component {@code a}: Spring Boot
 * 4.1 fails there, and only an unknown component without anything below it is 404.
 */
final class UnknownHealth implements HandlerExceptionResolver, Ordered {
  private final String path;

  /**
   * @param path where health is, with a slash at the end
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
