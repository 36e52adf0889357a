package dev.longhaul.rest;

import dev.longhaul.intake.request.RequestSchema;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.RequestBody;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.core.MethodParameter;
import org.springframework.web.method.HandlerMethod;
import tools.jackson.databind.JsonNode;

/** Describes the bodies of requests by the schemas that check them. */
final class RequestBodyDescription {
  private final Map<String, Schema<?>> components = new ConcurrentHashMap<>();

  /** Adds to an operation what its {@link JsonBody} is. */
  void describe(Operation operation, HandlerMethod method) {
    for (MethodParameter parameter : method.getMethodParameters()) {
      JsonBody body = parameter.getParameterAnnotation(JsonBody.class);
      if (body != null) {
        MediaType media = new MediaType().schema(schema(body.value()));
        int number = 1;
        for (JsonNode example : RequestSchema.of(body.value()).examples()) {
          media.addExamples(
              "example " + number++,
              new Example()
                  .value(read(example.toString(), com.fasterxml.jackson.databind.JsonNode.class)));
        }
        operation.setRequestBody(
            new RequestBody()
                .required(body.required())
                .content(new Content().addMediaType("application/json", media)));
      }
    }
  }

  /** The schemas that the operations refer to, by their names. */
  Map<String, Schema<?>> components() {
    return components;
  }

  private Schema<?> schema(String file) {
    var shapes = RequestSchema.of(file).forOpenApi();
    shapes.forEach((name, shape) -> components.put(name, read(shape.toString(), Schema.class)));
    return new Schema<>().$ref("#/components/schemas/" + shapes.keySet().iterator().next());
  }

  private static <T> T read(String json, Class<T> type) {
    try {
      return Json31.mapper().readValue(json, type);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
