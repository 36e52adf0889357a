package dev.longhaul.rest;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.CallerResolver;
import dev.longhaul.intake.request.RequestSchema;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import tools.jackson.databind.node.ObjectNode;

/** Provides the body, the caller, and the paths for links as arguments of controllers. */
final class RequestArguments implements HandlerMethodArgumentResolver {
  private final RequestBodies bodies;
  private final CallerResolver callers;
  private final String path;

  /**
   * @param path {@code longhaul.rest.path}
   */
  RequestArguments(RequestBodies bodies, CallerResolver callers, String path) {
    this.bodies = bodies;
    this.callers = callers;
    this.path = path;
  }

  @Override
  public boolean supportsParameter(MethodParameter parameter) {
    Class<?> type = parameter.getParameterType();
    return parameter.hasParameterAnnotation(JsonBody.class)
        || type == Routes.class
        || (type == Caller.class && StrictQuery.isOurs(parameter.getContainingClass()));
  }

  @Override
  public @Nullable Object resolveArgument(
      MethodParameter parameter,
      @Nullable ModelAndViewContainer container,
      NativeWebRequest web,
      @Nullable WebDataBinderFactory binders)
      throws IOException {
    HttpServletRequest request =
        Objects.requireNonNull(web.getNativeRequest(HttpServletRequest.class));
    JsonBody shape = parameter.getParameterAnnotation(JsonBody.class);
    if (shape != null) {
      return body(shape, parameter.getParameterType(), request);
    }
    return parameter.getParameterType() == Routes.class
        ? Routes.of(request, path)
        : callers.resolve(request);
  }

  private @Nullable Object body(JsonBody shape, Class<?> type, HttpServletRequest request)
      throws IOException {
    if (!shape.required()
        && request.getContentLengthLong() <= 0
        && request.getHeader(HttpHeaders.TRANSFER_ENCODING) == null) {
      return null;
    }
    ObjectNode body = bodies.object(request);
    return type == ObjectNode.class
        ? body
        : RequestSchema.of(shape.value()).read(body, type, BadRequestException::new);
  }
}
