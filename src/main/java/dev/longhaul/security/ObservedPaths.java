package dev.longhaul.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.ServerHttpObservationFilter;

/**
 * Names the path in the metric and the span of a request ({@code http.server.requests}, {@code
 * uri}): the fixed paths of MCP as they are, and a path of the REST API as such until Spring MVC
 * finds its route. Without it, what a servlet or a filter answers has the path UNKNOWN.
 */
final class ObservedPaths implements HttpRequestFilter {
  private final ServedPaths served;

  ObservedPaths(ServedPaths served) {
    this.served = served;
  }

  @Override
  public void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String path = ServedPaths.path(request);
    if (served.contain(path)) {
      ServerHttpObservationFilter.findObservationContext(request)
          .ifPresent(context -> context.setPathPattern(pattern(path)));
    }
    chain.doFilter(request, response);
  }

  private String pattern(String path) {
    return served.containInApi(path)
        ? served.api() + "/**"
        : ServedPaths.isBelow(path, served.mcp()) ? served.mcp() : path;
  }
}
