package dev.longhaul.rest;

import dev.longhaul.intake.CallerResolver;
import dev.longhaul.load.CallLimit;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.web.servlet.AsyncHandlerInterceptor;

/**
 * Limits how many requests of one caller are in progress; event streams only wait and do not count.
 */
final class CallLimitInterceptor implements AsyncHandlerInterceptor {
  private static final String PERMIT = CallLimitInterceptor.class.getName() + ".permit";

  private final CallLimit limit;
  private final CallerResolver callers;

  CallLimitInterceptor(CallLimit limit, CallerResolver callers) {
    this.limit = limit;
    this.callers = callers;
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
