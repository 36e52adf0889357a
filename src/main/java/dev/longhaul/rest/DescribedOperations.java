package dev.longhaul.rest;

import io.swagger.v3.core.util.AnnotationsUtils;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import java.math.BigDecimal;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.GlobalOperationCustomizer;
import org.springframework.core.MethodParameter;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.method.HandlerMethod;

/** Adds to each operation what follows from its path, its parameters and its annotations. */
final class DescribedOperations implements GlobalOperationCustomizer {
  private static final String ANY_TYPE = "*/*";
  private static final String JSON = "application/json";

  /**
   * The problems of a path whose job, flow or other object does not exist, by a part of the path.
   */
  private static final Map<String, Set<ProblemType>> NAMED =
      Map.of(
          "/jobs/{id}", EnumSet.of(ProblemType.UNKNOWN_JOB),
          "/dead-letters/{id}", EnumSet.of(ProblemType.UNKNOWN_JOB),
          "/batches/{id}", EnumSet.of(ProblemType.UNKNOWN_BATCH),
          "/chains/{id}", EnumSet.of(ProblemType.UNKNOWN_CHAIN),
          "/{kind:",
              EnumSet.of(
                  ProblemType.UNKNOWN_JOB, ProblemType.UNKNOWN_BATCH, ProblemType.UNKNOWN_CHAIN),
          "/keys/{name}", EnumSet.of(ProblemType.UNKNOWN_KEY),
          "/queues/{name}", EnumSet.of(ProblemType.UNKNOWN_QUEUE),
          "/upstreams/{upstream}", EnumSet.of(ProblemType.UNKNOWN_UPSTREAM),
          "/tools/{name}", EnumSet.of(ProblemType.UNKNOWN_TOOL));

  /** The problems of every operation. */
  private static final Set<ProblemType> ALWAYS =
      EnumSet.of(
          ProblemType.INVALID_REQUEST,
          ProblemType.NOT_ACCEPTABLE,
          ProblemType.UNSUPPORTED_MEDIA_TYPE,
          ProblemType.TOO_MANY_CALLS,
          ProblemType.INTERNAL_ERROR,
          ProblemType.OVERLOADED,
          ProblemType.UNAVAILABLE);

  private static final Set<ProblemType> WITH_BODY =
      EnumSet.of(
          ProblemType.MALFORMED_JSON, ProblemType.REQUEST_TIMEOUT, ProblemType.REQUEST_TOO_LARGE);

  private static final Set<ProblemType> OF_SUBMISSIONS =
      EnumSet.of(
          ProblemType.INVALID_ARGUMENTS,
          ProblemType.IDEMPOTENCY_CONFLICT,
          ProblemType.QUEUE_FULL,
          ProblemType.QUEUE_DRAINING);

  private static final Set<ProblemType> LATER =
      EnumSet.of(
          ProblemType.TOO_MANY_CALLS,
          ProblemType.QUEUE_FULL,
          ProblemType.QUEUE_DRAINING,
          ProblemType.OVERLOADED,
          ProblemType.UNAVAILABLE,
          ProblemType.NOT_FINISHED);

  private final RequestBodyDescription bodies;
  private final DescribedWords words = DescribedWords.read();

  DescribedOperations(RequestBodyDescription bodies) {
    this.bodies = bodies;
  }

  @Override
  public Operation customize(Operation operation, HandlerMethod method) {
    if (!method.getBeanType().getName().startsWith(getClass().getPackageName() + ".")) {
      return operation; // a host application's
    }
    // Neither is asked for unless the operator has set it up, hence the empty requirement.
    operation.setSecurity(
        List.of(
            new SecurityRequirement(),
            new SecurityRequirement().addList(RestApiDescription.BEARER),
            new SecurityRequirement().addList(RestApiDescription.API_KEY)));
    words.describe(operation);
    bodies.describe(operation, method);
    if (operation.getParameters() != null) {
      operation.getParameters().forEach(parameter -> parameter(parameter, method));
    }
    String path = path(method);
    boolean submission =
        method.hasMethodAnnotation(PostMapping.class)
            && Set.of(Routes.JOBS, Routes.BATCHES, Routes.CHAINS).contains(path);
    if (submission) {
      operation.addParametersItem(words.parameters().get(IdempotencyHeader.NAME));
    }
    if (operation.getRequestBody() != null) {
      json(operation.getRequestBody().getContent());
    }
    operation.getResponses().values().forEach(answer -> json(answer.getContent()));
    if (method.getMethod().getReturnType() == ResponseEntity.class
        && operation.getResponses().containsKey("202")) {
      Objects.requireNonNull(operation.getResponses().get("202"))
          .addHeaderObject(
              "Location",
              new Header()
                  .description("What was stored.")
                  .required(true)
                  .schema(new StringSchema()));
    }
    problems(operation, method, path, submission);
    return operation;
  }

  /** Replaces springdoc's default media type, any, by JSON. */
  private static void json(Content content) {
    MediaType any = content == null ? null : content.remove(ANY_TYPE);
    if (any != null) {
      content.addMediaType(JSON, any);
    }
  }

  private static String path(HandlerMethod method) {
    RequestMapping mapping = method.getMethodAnnotation(RequestMapping.class);
    return Objects.requireNonNull(mapping).path()[0];
  }

  private void parameter(Parameter parameter, HandlerMethod method) {
    words.describe(parameter);
    if ("query".equals(parameter.getIn())) {
      query(parameter, StrictQuery.parameters(method).get(parameter.getName()));
    }
  }

  private static void query(Parameter described, @Nullable MethodParameter parameter) {
    if (parameter == null) {
      return;
    }
    boolean required = StrictQuery.required(parameter);
    described.required(required).setAllowEmptyValue(required ? null : true);
    Bounds bounds = parameter.getParameterAnnotation(Bounds.class);
    if (bounds == null) {
      return;
    }
    // springdoc gives parameters of the same type one schema.
    Schema<?> schema = AnnotationsUtils.clone(described.getSchema(), true);
    if (parameter.getParameterType() == String.class) {
      schema.minLength(bounds.min()).maxLength(bounds.max());
    } else {
      schema.setMinimum(BigDecimal.valueOf(bounds.min()));
      schema.setMaximum(
          bounds.max() == Integer.MAX_VALUE ? null : BigDecimal.valueOf(bounds.max()));
    }
    described.setSchema(schema);
  }

  private static void problems(
      Operation operation, HandlerMethod method, String path, boolean submission) {
    Set<ProblemType> types = EnumSet.copyOf(ALWAYS);
    NAMED.forEach((named, unknown) -> {
      if (path.contains(named)) {
        types.addAll(unknown);
      }
    });
    if (submission) {
      types.addAll(OF_SUBMISSIONS);
    }
    if (operation.getRequestBody() != null) {
      types.addAll(WITH_BODY);
    }
    if (method.hasMethodAnnotation(EventStreamAnswer.class)) {
      types.removeAll(Set.of(ProblemType.NOT_ACCEPTABLE, ProblemType.TOO_MANY_CALLS));
    }
    Refuses refuses = method.getMethodAnnotation(Refuses.class);
    if (refuses != null) {
      types.addAll(List.of(refuses.value()));
    }
    Map<String, Set<ProblemType>> byStatus = new TreeMap<>();
    types.forEach(type ->
        byStatus
            .computeIfAbsent(
                Integer.toString(type.status().value()), s -> EnumSet.noneOf(ProblemType.class))
            .add(type));
    byStatus.forEach((status, some) -> {
      ApiResponse problem = problem(some);
      ApiResponse own = operation.getResponses().putIfAbsent(status, problem);
      if (own != null) { // queuemgr's API also has another form of errors
        own.getContent().putAll(problem.getContent());
      }
    });
    operation
        .getResponses()
        .addApiResponse("401", refused("No credentials, or wrong ones."))
        .addApiResponse("403", refused("The host, the origin or the credentials do not suffice."));
  }

  private static ApiResponse problem(Set<ProblemType> types) {
    ApiResponse response =
        refused(String.join("; ", types.stream().map(ProblemType::title).toList()));
    MediaType media = Objects.requireNonNull(response.getContent().get("application/problem+json"));
    types.forEach(type ->
        media.addExamples(type.wire(), new Example().$ref("#/components/examples/" + type.wire())));
    if (types.stream().anyMatch(LATER::contains)) {
      response.addHeaderObject(
          "Retry-After",
          new Header().description("When to ask again, in seconds.").schema(new IntegerSchema()));
    }
    return response;
  }

  private static ApiResponse refused(String description) {
    return new ApiResponse()
        .description(description)
        .content(
            new Content()
                .addMediaType(
                    "application/problem+json",
                    new MediaType().schema(new Schema<>().$ref("#/components/schemas/Problem"))));
  }

  static Example example(ProblemType type) {
    Map<String, Object> problem = new LinkedHashMap<>();
    problem.put("type", type.uri());
    problem.put("title", type.title());
    problem.put("status", type.status().value());
    problem.put("detail", "What happened and what to do about it.");
    if (LATER.contains(type)) {
      problem.put("retry_after_seconds", 5);
    }
    return new Example().value(problem);
  }
}
