package dev.longhaul.rest;

import dev.longhaul.intake.CallerResolver;
import dev.longhaul.intake.IntakeException;
import dev.longhaul.mcp.patience.ClientKey;
import dev.longhaul.mcp.patience.LearntLimit;
import dev.longhaul.mcp.patience.Patience;
import dev.longhaul.rest.Problem.Place;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.springframework.dao.DataAccessException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** What was learnt of how long the caller's MCP clients wait for an answer. */
@RestController
@Tag(name = "clients", description = "How long the caller's MCP clients wait for an answer.")
class ClientsController {
  private static final int LONGEST = 1_000;

  private final Patience patience;
  private final CallerResolver callers;

  ClientsController(Patience patience, CallerResolver callers) {
    this.patience = patience;
    this.callers = callers;
  }

  @GetMapping(path = Routes.CLIENTS, produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "listClients",
      summary = "Shows what was learnt of your clients",
      description =
          "The caller's own, at most 100. A client that gives up after limit_seconds has its calls"
              + " handed over after hold_seconds.")
  @Refuses({ProblemType.INVALID_REQUEST, ProblemType.UNAVAILABLE})
  ClientsView clients(@Parameter(hidden = true) HttpServletRequest request) {
    Query.of(request, Set.of());
    return ClientsView.of(learnt(callers.resolve(request).owner()));
  }

  private Map<ClientKey, LearntLimit> learnt(String owner) {
    try {
      return patience.learnt(owner);
    } catch (DataAccessException e) {
      throw new IntakeException.Unavailable("Redis could not be read; try again.", e);
    }
  }

  @DeleteMapping(path = Routes.CLIENTS)
  @Operation(
      operationId = "forgetClient",
      summary = "Forgets what was learnt of a client",
      description =
          "The caller's own, in all processes within 10 s. It is learnt anew when the client leaves"
              + " calls again.")
  @Parameter(
      name = "name",
      in = ParameterIn.QUERY,
      required = true,
      description = "As listClients shows it; may be empty.",
      schema = @Schema(type = "string"))
  @Parameter(
      name = "version",
      in = ParameterIn.QUERY,
      description = "As listClients shows it; without it, the empty one.",
      schema = @Schema(type = "string"))
  @ApiResponse(responseCode = "204", description = "It is forgotten, or was never known.")
  @Refuses({ProblemType.INVALID_REQUEST, ProblemType.UNAVAILABLE})
  ResponseEntity<Void> forget(@Parameter(hidden = true) HttpServletRequest request) {
    Query query = Query.of(request, Set.of("name", "version"));
    String name = query.text("name");
    String version = Objects.requireNonNullElse(query.text("version"), "");
    List<Place> places = new ArrayList<>();
    if (name == null || name.length() > LONGEST) {
      places.add(
          new Place("name", "required: the client's name, at most " + LONGEST + " characters"));
    }
    if (version.length() > LONGEST) {
      places.add(new Place("version", "at most " + LONGEST + " characters"));
    }
    if (name == null || !places.isEmpty()) {
      throw new BadRequestException(places);
    }
    String owner = callers.resolve(request).owner();
    ClientKey client = new ClientKey(name, version);
    // Looked for first, because forgetting does not say when Redis is away.
    if (learnt(owner).containsKey(client)) {
      patience.forget(owner, client);
    }
    return ResponseEntity.noContent().build();
  }
}
