package dev.longhaul.rest;

import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springdoc.core.customizers.GlobalOperationCustomizer;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Completes the API description with what every operation has in common. */
@Configuration(proxyBeanMethods = false)
class RestApiDescription {
  private static final String PROBLEM = "Problem";

  @Bean
  @ConditionalOnMissingBean
  OpenAPI longhaulOpenApi() {
    var components = new Components();
    ModelConverters.getInstance(true).readAll(Problem.class).forEach(components::addSchemas);
    return new OpenAPI()
        .info(
            new Info()
                .title("Longhaul")
                .version("v1")
                .description("Tool calls that take minutes, as durable jobs.")
                .license(new License().name("Apache-2.0").identifier("Apache-2.0")))
        .components(components);
  }

  @Bean
  GlobalOperationCustomizer longhaulProblemResponses() {
    return (operation, method) -> {
      Refuses refuses = method.getMethodAnnotation(Refuses.class);
      if (refuses != null) {
        Map<Integer, List<ProblemType>> byStatus = new TreeMap<>();
        for (ProblemType type : refuses.value()) {
          byStatus.computeIfAbsent(type.status().value(), s -> new ArrayList<>()).add(type);
        }
        byStatus.forEach((status, types) ->
            operation.getResponses().addApiResponse(Integer.toString(status), response(types)));
      }
      return operation;
    };
  }

  private static ApiResponse response(List<ProblemType> types) {
    var media = new MediaType().schema(new Schema<>().$ref("#/components/schemas/" + PROBLEM));
    types.forEach(type -> media.addExamples(type.uri(), new Example().value(example(type))));
    var response =
        new ApiResponse()
            .description(String.join("; ", types.stream().map(ProblemType::title).toList()))
            .content(new Content().addMediaType("application/problem+json", media));
    if (types.stream().anyMatch(RestApiDescription::hasRetryAfter)) {
      response.addHeaderObject(
          "Retry-After",
          new Header().description("When to ask again, in seconds.").schema(new IntegerSchema()));
    }
    return response;
  }

  private static Map<String, Object> example(ProblemType type) {
    Map<String, Object> problem = new TreeMap<>();
    problem.put("type", type.uri());
    problem.put("title", type.title());
    problem.put("status", type.status().value());
    problem.put("detail", "What happened and what to do about it.");
    if (hasRetryAfter(type)) {
      problem.put("retry_after_seconds", 5);
    }
    return problem;
  }

  private static boolean hasRetryAfter(ProblemType type) {
    return type == ProblemType.QUEUE_FULL
        || type == ProblemType.QUEUE_DRAINING
        || type == ProblemType.UNAVAILABLE
        || type == ProblemType.NOT_FINISHED;
  }
}
