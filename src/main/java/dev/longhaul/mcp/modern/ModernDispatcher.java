package dev.longhaul.mcp.modern;

import dev.longhaul.load.CallLimit;
import dev.longhaul.mcp.delivery.Call;
import dev.longhaul.mcp.observation.McpObservations;
import dev.longhaul.mcp.stream.Exchange;
import dev.longhaul.mcp.tools.ServedTools;
import dev.longhaul.mcp.wire.ErrorCode;
import dev.longhaul.mcp.wire.Message;
import dev.longhaul.mcp.wire.RpcException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Dispatches the messages of 2026-07-28: checks each and passes it to its method. */
public final class ModernDispatcher {
  private final Map<String, ModernMethod> methods = new LinkedHashMap<>();
  private final ServedTools tools;
  private final CallLimit limit;
  private final McpObservations observations;

  ModernDispatcher(
      List<ModernMethod> methods,
      ServedTools tools,
      CallLimit limit,
      McpObservations observations) {
    this.limit = limit;
    this.observations = observations;
    methods.forEach(method -> this.methods.put(method.name(), method));
    this.tools = tools;
  }

  /**
   * Whether a message is of this revision rather than an earlier one: it has this revision's {@code
   * _meta}, or a version header that is none of the earlier revisions.
   */
  public static boolean speaks(
      @Nullable Message message, @Nullable String versionHeader, Set<String> legacyVersions) {
    boolean marked =
        switch (message) {
          case Message.Request r -> r.params().path("_meta").has(Envelope.VERSION_KEY);
          case Message.Notification n -> n.params().path("_meta").has(Envelope.VERSION_KEY);
          case Message.Response _ -> false;
          case null -> false;
        };
    return marked || (versionHeader != null && !legacyVersions.contains(versionHeader));
  }

  public void dispatch(Exchange exchange, Message message) throws InterruptedException {
    observations.observe(
        exchange, message, Envelope.VERSION, null, observed -> handle(observed, message));
  }

  private void handle(Exchange exchange, Message message) throws InterruptedException {
    switch (message) {
      case Message.Request request -> request(Envelope.open(exchange, request));
      // This revision defines no notifications over HTTP, so they are ignored.
      case Message.Notification _ -> exchange.reply().finishSilently();
      case Message.Response _ ->
          throw new RpcException(
              400,
              ErrorCode.INVALID_REQUEST,
              "Responses are not accepted: on this revision servers send no requests.");
    }
  }

  private void request(ModernRequest request) throws InterruptedException {
    String name = request.message().method();
    ModernMethod method = methods.get(name);
    Envelope.checkMethodHeader(request);
    if (method != null) {
      method
          .nameField()
          .ifPresent(
              field -> Envelope.checkNameHeader(request, field, method.nameHeaderOptional()));
    }
    if (method == null) {
      throw new RpcException(404, ErrorCode.METHOD_NOT_FOUND, notServed(name));
    }
    if (name.equals(Call.TOOLS_CALL)) {
      checkMirrored(request);
    }
    if (method.needsTasks()) {
      Envelope.requireTasks(request);
    }
    if (method.waitsOnly()) {
      method.handle(request);
      return;
    }
    try (var _ = limit.enter(request.exchange().caller().owner())) {
      method.handle(request);
    }
  }

  private static String notServed(String method) {
    return method.equals("initialize")
        ? "Revision 2026-07-28 has no initialize. Without its _meta and version header, initialize"
            + " begins a session of 2025-11-25, 2025-06-18 or 2025-03-26."
        : "The method " + method + " is not served.";
  }

  private void checkMirrored(ModernRequest request) {
    tools
        .find(request.params().path("name").asString(""))
        .flatMap(tool ->
            tool.mirrored()
                .mismatch(request.params().path("arguments"), request.exchange().headers()))
        .ifPresent(problem -> {
          throw Envelope.mismatch(problem);
        });
  }
}
