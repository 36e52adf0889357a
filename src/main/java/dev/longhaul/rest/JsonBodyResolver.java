package dev.longhaul.rest;

import dev.longhaul.intake.request.RequestSchema;
import dev.longhaul.rest.Problem.Place;
import dev.longhaul.schema.Violation;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.node.ObjectNode;

/** Reads, checks and binds what is annotated with {@link JsonBody}. */
final class JsonBodyResolver implements HandlerMethodArgumentResolver, WebMvcConfigurer {
  private final RequestBodies bodies;

  JsonBodyResolver(RequestBodies bodies) {
    this.bodies = bodies;
  }

  @Override
  public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
    resolvers.add(this);
  }

  @Override
  public boolean supportsParameter(MethodParameter parameter) {
    return parameter.hasParameterAnnotation(JsonBody.class);
  }

  @Override
  public @Nullable Object resolveArgument(
      MethodParameter parameter,
      @Nullable ModelAndViewContainer container,
      NativeWebRequest web,
      @Nullable WebDataBinderFactory binders)
      throws IOException {
    JsonBody shape = Objects.requireNonNull(parameter.getParameterAnnotation(JsonBody.class));
    HttpServletRequest request =
        Objects.requireNonNull(web.getNativeRequest(HttpServletRequest.class));
    if (!shape.required() && isEmpty(request)) {
      return null;
    }
    ObjectNode body = bodies.object(request);
    return parameter.getParameterType() == ObjectNode.class
        ? body
        : RequestSchema.of(shape.value())
            .read(body, parameter.getParameterType(), JsonBodyResolver::refused);
  }

  private static boolean isEmpty(HttpServletRequest request) {
    return request.getContentLengthLong() <= 0
        && request.getHeader(HttpHeaders.TRANSFER_ENCODING) == null;
  }

  private static BadRequestException refused(List<Violation> violations) {
    return new BadRequestException(Place.of("", violations));
  }
}
