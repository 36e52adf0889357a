package dev.longhaul.rest.compat;

import dev.longhaul.intake.CallerResolver;
import dev.longhaul.rest.BadRequestException;
import dev.longhaul.rest.JsonBody;
import dev.longhaul.rest.RequestBodies;
import dev.longhaul.rest.Routes;
import dev.longhaul.schema.NearestName;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Accepts commands in the MCP Proxy Adapter's form, and responds in its envelope. */
@RestController
@Tag(name = "queuemgr", description = "The API of queuemgr, for clients written against it.")
class ExecuteController {
  private static final Logger log = LoggerFactory.getLogger(ExecuteController.class);
  private static final String JSON = MediaType.APPLICATION_JSON_VALUE;
  private static final Set<String> COMMANDS = Set.of(QueueCommand.NAME);

  private final RequestBodies bodies;
  private final CallerResolver callers;
  private final QueueCommand queue;
  private final JsonMapper json = JsonMapper.builder().build();

  ExecuteController(RequestBodies bodies, CallerResolver callers, QueueCommand queue) {
    this.bodies = bodies;
    this.callers = callers;
    this.queue = queue;
  }

  @PostMapping(path = Routes.BASE + "/execute", consumes = JSON)
  void execute(
      @JsonBody("execute.json") HttpServletRequest request,
      HttpServletResponse response,
      Routes routes)
      throws IOException {
    ObjectNode body = null;
    ObjectNode answer = json.createObjectNode().put("jsonrpc", "2.0");
    int status = HttpStatus.OK.value();
    try {
      body = bodies.object(request);
      ObjectNode data = run(CommandRequest.of(body), request, routes);
      // The fields beside success as in queuemgr's example server, and in data as in the adapter's
      // SuccessResult.
      ObjectNode result = answer.putObject("result").put("success", true);
      result.setAll(data);
      result.set("data", data);
    } catch (BadRequestException e) {
      status = e.status();
      if (e.retryAfterSeconds() != null) {
        response.setHeader("Retry-After", String.valueOf(e.retryAfterSeconds()));
      }
      answer.set("error", unreadable(e).error());
    } catch (CommandException e) {
      answer.set("error", e.error());
    }
    answer.set("id", CommandRequest.id(body));
    response.setStatus(status);
    response.setContentType(JSON);
    response.getOutputStream().write(json.writeValueAsBytes(answer));
  }

  private ObjectNode run(CommandRequest command, HttpServletRequest request, Routes routes) {
    if (!command.command().equals(QueueCommand.NAME)) {
      String shown = shortened(command.command());
      throw CommandException.of(
          CommandException.UNKNOWN_COMMAND,
          "UNKNOWN_COMMAND",
          "Method not found: " + shown,
          "The command is " + NearestName.unknown(shown, COMMANDS) + ".");
    }
    try {
      return queue.run(callers.resolve(request), command.params(), routes.base());
    } catch (CommandException | OutOfMemoryError e) {
      throw e;
    } catch (RuntimeException | Error e) {
      log.error("{} {} failed", request.getMethod(), request.getRequestURI(), e);
      throw CommandException.of(
          CommandException.INTERNAL,
          "INTERNAL_ERROR",
          "Internal error",
          "Something went wrong inside the server; its log says what. Trying again may help.");
    }
  }

  /** The beginning of a name, which may be long. */
  private static String shortened(String name) {
    return name.length() <= 64 ? name : name.substring(0, 64) + "…";
  }

  private static CommandException unreadable(BadRequestException e) {
    boolean large = e.status() == HttpStatus.CONTENT_TOO_LARGE.value();
    return CommandException.of(
        large ? CommandException.INVALID_REQUEST : CommandException.PARSE_ERROR,
        large ? "REQUEST_TOO_LARGE" : "MALFORMED_JSON",
        String.valueOf(e.getMessage()),
        large ? "Send less." : "Send one JSON object, {\"command\": \"queue\", \"params\": {…}}.");
  }
}
