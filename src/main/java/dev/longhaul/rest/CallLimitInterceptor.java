package dev.longhaul.rest;

import dev.longhaul.intake.CallerResolver;
import dev.longhaul.load.CallLimit;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.servlet.AsyncHandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Counts a caller's requests in execution; event streams only wait and do not count. */
final class CallLimitInterceptor implements AsyncHandlerInterceptor, WebMvcConfigurer {
  private static final String PERMIT = CallLimitInterceptor.class.getName() + ".permit";

  private final CallLimit limit;
  private final CallerResolver callers;
  private final List<String> patterns;

  CallLimitInterceptor(CallLimit limit, CallerResolver callers, List<String> patterns) {
    this.patterns = patterns;
    this.limit = limit;
    this.callers = callers;
  }

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(this).addPathPatterns(patterns);
  }

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    if (!request.getRequestURI().endsWith("/events") && request.getAttribute(PERMIT) == null) {
      request.setAttribute(PERMIT, limit.enter(callers.resolve(request).owner()));
    }
    return true;
  }

  @Override
  public void afterConcurrentHandlingStarted(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    leave(request);
  }

  @Override
  public void afterCompletion(
      HttpServletRequest request,
      HttpServletResponse response,
      Object handler,
      @Nullable Exception failure) {
    leave(request);
  }

  private static void leave(HttpServletRequest request) {
    if (request.getAttribute(PERMIT) instanceof CallLimit.Permit permit) {
      request.removeAttribute(PERMIT);
      permit.close();
    }
  }
}
