package dev.longhaul.rest;

import dev.longhaul.job.JobState;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.HeaderParameter;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.springdoc.core.customizers.GlobalOperationCustomizer;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.method.HandlerMethod;

/** Adds to each operation of this front door what follows from its kind. */
final class DescribedOperations implements GlobalOperationCustomizer {
  private static final String ANY_TYPE = "*/*";
  private static final String JSON = "application/json";

  private static final String ID = "^[0-9a-hjkmnp-tv-z]{38}$";

  private static final String POINTER = "^(/([^~]|~[01])*)?$";

  /** What can stand in a path: {@code PlainPath} refuses the rest. */
  private static final String NAME = "^[^;/\\\\.][^;/\\\\]*$";

  /** A string in quotes as RFC 9651 has it, or the key as it stands. */
  private static final String KEY =
      "^(\"([ !#-\\[\\]-~]|\\\\[\"\\\\]){1,255}\"|[!#-~][ -~]{0,254})$";

  /** A name means the same wherever it occurs. */
  private static final Map<String, String> PARAMETERS =
      Map.ofEntries(
          Map.entry("wait_seconds", "How long to wait for the end."),
          Map.entry("state", "Only jobs in this state."),
          Map.entry("tool", "Only calls of this tool."),
          Map.entry("method", "Only jobs of this method, such as resources/read."),
          Map.entry("cursor", "next_cursor of the page before."),
          Map.entry("limit", "How much a page has at most; the server's default if it is absent."),
          Map.entry("offset", "Where the page begins, counted from 0."),
          Map.entry(
              "pointer",
              "JSON Pointer to what is paged: an array by elements, a text by characters, anything"
                  + " else as JSON text. Without it the whole result as JSON text."),
          Map.entry("force", "Cancel the job first if it is not finished."),
          Map.entry("uri", "The resource, as clients name it."),
          Map.entry("version", "As listClients shows it; without it, the empty one."),
          Map.entry("kind", "Whose end: jobs, batches or chains."),
          Map.entry("Last-Event-ID", "The id of the last result that was read."));

  /** What every operation can answer: anybody can ask wrongly, and any server can be in trouble. */
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

  private static final Set<ProblemType> LATER =
      EnumSet.of(
          ProblemType.TOO_MANY_CALLS,
          ProblemType.QUEUE_FULL,
          ProblemType.QUEUE_DRAINING,
          ProblemType.OVERLOADED,
          ProblemType.UNAVAILABLE,
          ProblemType.NOT_FINISHED);

  private final RequestBodyDescription bodies;

  DescribedOperations(RequestBodyDescription bodies) {
    this.bodies = bodies;
  }

  @Override
  public Operation customize(Operation operation, HandlerMethod method) {
    if (!method.getBeanType().getName().startsWith(getClass().getPackageName() + ".")) {
      return operation; // a host application's
    }
    bodies.describe(operation, method);
    if (operation.getParameters() != null) {
      operation.getParameters().forEach(DescribedOperations::parameter);
    }
    if (isSubmission(method)) {
      operation.addParametersItem(key());
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
    problems(operation, method);
    return operation;
  }

  /** What Spring MVC has no better word for is JSON here. */
  private static void json(Content content) {
    MediaType any = content == null ? null : content.remove(ANY_TYPE);
    if (any != null) {
      content.addMediaType(JSON, any);
    }
  }

  private static boolean isSubmission(HandlerMethod method) {
    PostMapping post = method.getMethodAnnotation(PostMapping.class);
    return post != null
        && Set.of(Routes.JOBS, Routes.BATCHES, Routes.CHAINS).containsAll(List.of(post.path()));
  }

  private static Parameter key() {
    return new HeaderParameter()
        .name(IdempotencyHeader.NAME)
        .description("The same as idempotency_key in the body: a string in quotes.")
        .example("\"order-4711\"")
        .schema(new StringSchema().pattern(KEY));
  }

  private static void parameter(Parameter parameter) {
    String description = PARAMETERS.get(parameter.getName());
    if (description != null) {
      parameter.setDescription(description);
    }
    if ("query".equals(parameter.getIn()) && !Boolean.TRUE.equals(parameter.getRequired())) {
      parameter.setAllowEmptyValue(true);
    }
    switch (parameter.getName()) {
      case "state" ->
          names(parameter, Arrays.stream(JobState.values()).map(JobState::wire).toList());
      case "kind" -> names(parameter, List.of("jobs", "batches", "chains"));
      case "pointer" -> parameter.getSchema().setPattern(POINTER);
      case "id" -> parameter.setSchema(new StringSchema().pattern(ID));
      case "name" -> {
        if ("path".equals(parameter.getIn())) {
          parameter.setSchema(new StringSchema().pattern(NAME));
        }
      }
      default -> {}
    }
  }

  private static void names(Parameter parameter, List<String> names) {
    StringSchema schema = new StringSchema();
    schema.setEnum(names);
    parameter.setSchema(schema);
  }

  private static void problems(Operation operation, HandlerMethod method) {
    Set<ProblemType> types = EnumSet.copyOf(ALWAYS);
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
      if (own != null) { // queuemgr's API has a form of its own beside it
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
