package dev.longhaul.security;

import static java.util.Map.entry;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.security.web.FilterChainProxy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.csrf.CsrfFilter;

/**
 * Logs a warning at the start if the host's Spring Security requires a CSRF token for Longhaul's
 * endpoints. Clients send none, and the response, a 401 even with valid credentials, does not name
 * the cause.
 *
 * <p>A {@link CsrfFilter} does not reveal which requests it exempts, so the check passes a
 * simulated client request to it.
 */
final class CsrfCheck implements SmartInitializingSingleton {
  private static final Logger log = LoggerFactory.getLogger(CsrfCheck.class);

  private final ObjectProvider<FilterChainProxy> security;
  private final ServedPaths served;
  private final ServletContext context;

  CsrfCheck(ObjectProvider<FilterChainProxy> security, ServedPaths served, ServletContext context) {
    this.security = security;
    this.served = served;
    this.context = context;
  }

  @Override
  public void afterSingletonsInstantiated() {
    List<String> refused =
        List.of(served.mcp(), served.api() + "/jobs").stream().filter(this::wantsToken).toList();
    if (!refused.isEmpty()) {
      log.warn(
          "Spring Security refuses every POST to {} that has no CSRF token, which clients of"
              + " Longhaul never have: the answer is 401 or 403, whatever the credentials. Give"
              + " these paths a SecurityFilterChain of their own, with the bean"
              + " FrontDoorRequestMatcher as its securityMatcher and without CSRF; docs/library.md"
              + " shows it.",
          String.join(" and ", refused));
    }
  }

  private boolean wantsToken(String path) {
    try {
      return security.stream().anyMatch(proxy -> wantsToken(proxy, post(path)));
    } catch (RuntimeException e) {
      log.debug(
          "The CSRF check failed, because a filter chain needs more than the simulated request has",
          e);
      return false;
    }
  }

  private static boolean wantsToken(FilterChainProxy proxy, HttpServletRequest request) {
    for (SecurityFilterChain chain : proxy.getFilterChains()) {
      if (chain.matches(request)) {
        return chain.getFilters().stream()
            .filter(CsrfFilter.class::isInstance)
            .anyMatch(filter -> !letsPass(filter, request));
      }
    }
    return false;
  }

  private static boolean letsPass(Filter filter, HttpServletRequest request) {
    AtomicBoolean passed = new AtomicBoolean();
    try {
      filter.doFilter(
          request, standIn(HttpServletResponse.class, Map.of()), (_, _) -> passed.set(true));
    } catch (IOException | ServletException | RuntimeException e) {
      log.trace("The simulated request has no session for a CSRF token", e);
    }
    return passed.get();
  }

  /** With a bearer token, because Spring Security may exempt requests that have one. */
  private HttpServletRequest post(String path) {
    return standIn(
        HttpServletRequest.class,
        Map.ofEntries(
            entry("getMethod", "POST"),
            entry("getContextPath", context.getContextPath()),
            entry("getServletPath", path),
            entry("getRequestURI", context.getContextPath() + path),
            entry("getHttpServletMapping", standIn(HttpServletMapping.class, Map.of())),
            entry("getServletContext", context),
            entry("getDispatcherType", DispatcherType.REQUEST),
            entry("getHeader(Authorization)", "Bearer a")));
  }

  /** A proxy that returns these values for the named methods and stores attributes. */
  private static <T> T standIn(Class<T> type, Map<String, Object> answers) {
    Map<Object, @Nullable Object> attributes = new HashMap<>();
    InvocationHandler handler =
        (_, method, arguments) ->
            switch (method.getName()) {
              case "getAttribute" -> attributes.get(arguments[0]);
              case "setAttribute" -> attributes.put(arguments[0], arguments[1]);
              case "removeAttribute" -> attributes.remove(arguments[0]);
              case "getHeader" -> answers.get("getHeader(" + arguments[0] + ")");
              case "getHeaders", "getHeaderNames", "getParameterNames", "getAttributeNames" ->
                  Collections.emptyEnumeration();
              default ->
                  answers.containsKey(method.getName())
                      ? answers.get(method.getName())
                      : nothing(method.getReturnType());
            };
    return type.cast(
        Proxy.newProxyInstance(CsrfCheck.class.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static @Nullable Object nothing(Class<?> type) {
    return type.isPrimitive() && type != void.class
        ? Array.get(Array.newInstance(type, 1), 0)
        : null;
  }
}
