package dev.longhaul.rest;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.Refusal;
import dev.longhaul.mcp.timeout.ClientKey;
import dev.longhaul.mcp.timeout.ClientTimeouts;
import dev.longhaul.mcp.timeout.LearnedTimeout;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Shows the learned time-outs of the caller's MCP clients. */
@RestController
@Tag(name = "clients", description = "How long the caller's MCP clients wait for an answer.")
class ClientsController {
  private static final int LONGEST = 1_000;

  private final ClientTimeouts timeouts;

  ClientsController(ClientTimeouts timeouts) {
    this.timeouts = timeouts;
  }

  @GetMapping(Routes.CLIENTS)
  ClientsView listClients(Caller caller) {
    return ClientsView.of(learnt(caller.owner()));
  }

  private Map<ClientKey, LearnedTimeout> learnt(String owner) {
    try {
      return timeouts.learnt(owner);
    } catch (DataAccessException e) {
      throw new IntakeException(new Refusal.Unavailable("Redis could not be read; try again."), e);
    }
  }

  @DeleteMapping(Routes.CLIENTS)
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void forgetClient(
      @RequestParam @Bounds(min = 1, max = LONGEST) String name,
      @RequestParam @Bounds(max = LONGEST) @Nullable String version,
      Caller caller) {
    var client = new ClientKey(name, Objects.requireNonNullElse(version, ""));
    // Reading first fails if Redis cannot be reached; forgetting would not.
    if (learnt(caller.owner()).containsKey(client)) {
      timeouts.forget(caller.owner(), client);
    }
  }
}
