package dev.longhaul.rest;

import dev.longhaul.intake.CallerResolver;
import dev.longhaul.intake.cache.ResultCache;
import dev.longhaul.rest.Problem.Place;
import dev.longhaul.schema.Violations;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Kept answers: what they are good for, and forgetting them. */
@RestController
@Tag(name = "cache", description = "Kept answers: how many are used, and forgetting them.")
class CacheController {
  private static final int MAX_URI = 10_000;

  private final ResultCache cache;
  private final RequestBodies bodies;
  private final CallerResolver callers;

  CacheController(ResultCache cache, RequestBodies bodies, CallerResolver callers) {
    this.cache = cache;
    this.bodies = bodies;
    this.callers = callers;
  }

  @GetMapping(path = Routes.CACHE, produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "getCache",
      summary = "Shows the cache",
      description = "How much is kept in the memory of the process that answers, and how often.")
  @Refuses(ProblemType.INVALID_REQUEST)
  CacheView cache(@Parameter(hidden = true) HttpServletRequest request) {
    Query.of(request, Set.of());
    return CacheView.of(cache);
  }

  @DeleteMapping(path = Routes.CACHE + "/tools/{name}")
  @Operation(
      operationId = "forgetTool",
      summary = "Forgets all answers of a tool",
      description =
          "Those of all callers, in all processes. What is being made now is not kept either.")
  @ApiResponse(responseCode = "204", description = "They are forgotten.")
  @Refuses({ProblemType.INVALID_REQUEST, ProblemType.UNKNOWN_TOOL, ProblemType.UNAVAILABLE})
  ResponseEntity<Void> tool(
      @PathVariable("name") String name, @Parameter(hidden = true) HttpServletRequest request) {
    Query.of(request, Set.of());
    cache.forgetTool(name);
    return ResponseEntity.noContent().build();
  }

  @PostMapping(
      path = Routes.CACHE + "/tools/{name}/forget",
      consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "forgetCall",
      summary = "Forgets the answer to one call",
      description =
          "The caller's own, or the one that is everybody's if the tool's cache-scope is shared."
              + " A POST, because arguments do not fit into a URL.",
      requestBody =
          @RequestBody(
              required = true,
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_JSON_VALUE,
                      schema = @Schema(implementation = ForgetRequest.class),
                      examples =
                          @ExampleObject(
                              name = "a call",
                              value = "{\"arguments\": {\"year\": 2025}}"))))
  @ApiResponse(responseCode = "204", description = "It is forgotten.")
  @Refuses({
    ProblemType.MALFORMED_JSON,
    ProblemType.INVALID_REQUEST,
    ProblemType.REQUEST_TOO_LARGE,
    ProblemType.UNSUPPORTED_MEDIA_TYPE,
    ProblemType.UNKNOWN_TOOL,
    ProblemType.UNAVAILABLE
  })
  ResponseEntity<Void> call(
      @PathVariable("name") String name, @Parameter(hidden = true) HttpServletRequest request)
      throws IOException {
    Query.of(request, Set.of());
    cache.forgetCall(callers.resolve(request), name, arguments(bodies.object(request)));
    return ResponseEntity.noContent().build();
  }

  private static ObjectNode arguments(ObjectNode body) {
    Violations places = new Violations();
    for (String field : body.propertyNames()) {
      if (places.full()) {
        break;
      }
      if (!field.equals("arguments")) {
        places.add(
            "/" + field.replace("~", "~0").replace("/", "~1"),
            places.unknown(field, Set.of("arguments")));
      }
    }
    JsonNode arguments = body.get("arguments");
    if (!(arguments instanceof ObjectNode object)) {
      places.add("/arguments", "required: the arguments of the call, an object");
      throw new BadRequestException(places);
    }
    if (!places.none()) {
      throw new BadRequestException(places);
    }
    return object;
  }

  @DeleteMapping(path = Routes.CACHE + "/resources")
  @Operation(
      operationId = "forgetResource",
      summary = "Forgets what a resource reads",
      description = "For all callers, in all processes.")
  @Parameter(
      name = "uri",
      in = ParameterIn.QUERY,
      required = true,
      description = "The resource, as clients name it.",
      schema = @Schema(type = "string"))
  @ApiResponse(responseCode = "204", description = "It is forgotten.")
  @Refuses({ProblemType.INVALID_REQUEST, ProblemType.UNAVAILABLE})
  ResponseEntity<Void> resource(@Parameter(hidden = true) HttpServletRequest request) {
    String uri = Query.of(request, Set.of("uri")).text("uri");
    if (uri == null || uri.length() > MAX_URI) {
      throw new BadRequestException(
          List.of(
              new Place(
                  "uri", "required: the URI of the resource, at most " + MAX_URI + " characters")));
    }
    cache.forgetResource(uri);
    return ResponseEntity.noContent().build();
  }

  @DeleteMapping(path = Routes.CACHE + "/lists")
  @Operation(
      operationId = "forgetLists",
      summary = "Forgets the lists",
      description = "Those of resources, resource templates and prompts, in all processes.")
  @ApiResponse(responseCode = "204", description = "They are forgotten.")
  @Refuses({ProblemType.INVALID_REQUEST, ProblemType.UNAVAILABLE})
  ResponseEntity<Void> lists(@Parameter(hidden = true) HttpServletRequest request) {
    Query.of(request, Set.of());
    cache.forgetLists();
    return ResponseEntity.noContent().build();
  }

  /** For the API description. */
  @Schema(name = "ForgetRequest")
  record ForgetRequest(
      @Schema(
              description = "The arguments of the call.",
              requiredMode = Schema.RequiredMode.REQUIRED)
          Map<String, Object> arguments) {}
}
