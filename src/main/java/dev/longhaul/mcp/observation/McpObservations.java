package dev.longhaul.mcp.observation;

import dev.longhaul.catalog.Primitives;
import dev.longhaul.catalog.ServedMethods;
import dev.longhaul.catalog.Tool;
import dev.longhaul.mcp.stream.Exchange;
import dev.longhaul.mcp.tools.ServedTools;
import dev.longhaul.mcp.wire.Failures;
import dev.longhaul.mcp.wire.Message;
import dev.longhaul.observation.GuardedObservation;
import io.micrometer.observation.ObservationRegistry;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Observes the methods of all revisions. Names that a client sends become attributes of metrics
 * only if this server knows them.
 */
public final class McpObservations {
  private static final String OTHER = "_OTHER";

  private static final Set<String> METHODS =
      Set.of(
          "initialize",
          "ping",
          "logging/setLevel",
          "server/discover",
          "subscriptions/listen",
          Tool.CALL,
          ServedMethods.TOOLS,
          ServedMethods.READ,
          ServedMethods.RESOURCES,
          ServedMethods.TEMPLATES,
          "resources/subscribe",
          "resources/unsubscribe",
          ServedMethods.PROMPT,
          ServedMethods.PROMPTS,
          ServedMethods.COMPLETE,
          "tasks/get",
          "tasks/update",
          "tasks/cancel",
          "tasks/list",
          "tasks/result",
          "notifications/initialized",
          "notifications/cancelled",
          "notifications/progress",
          "notifications/roots/list_changed");

  private final ObservationRegistry observations;
  private final ServedTools tools;
  private final Primitives primitives;

  public McpObservations(
      ObservationRegistry observations, ServedTools tools, Primitives primitives) {
    this.observations = observations;
    this.tools = tools;
    this.primitives = primitives;
  }

  /** Handles a message. */
  @FunctionalInterface
  public interface Handling {
    /**
     * Handles it.
     *
     * @param exchange where the response goes
     */
    void handle(Exchange exchange) throws InterruptedException;
  }

  /**
   * Handles a message within an observation, which ends with it. A response of the client is not
   * observed: it belongs to a request of the server.
   *
   * @param version the revision of MCP
   * @param session the id of the session, or null
   */
  public void observe(
      Exchange exchange,
      Message message,
      String version,
      @Nullable String session,
      Handling handling)
      throws InterruptedException {
    McpOperation operation = observations.isNoop() ? null : operation(message, version, session);
    if (operation == null) {
      handling.handle(exchange);
      return;
    }
    var observation = GuardedObservation.start(McpOperation.NAME, operation, observations);
    try {
      handling.handle(exchange.replyingTo(new ObservedReply(exchange.reply(), operation)));
    } catch (RuntimeException | Error e) {
      operation.failed(Failures.code(e));
      observation.error(e);
      throw e;
    } finally {
      observation.leave();
      if (!exchange.reply().whenDetachedEnds(() -> end(observation, operation))) {
        end(observation, operation);
      }
    }
  }

  private static void end(GuardedObservation observation, McpOperation operation) {
    if (operation.errorType() != null && operation.getError() == null) {
      observation.error(new FailedMethodException(operation.errorType()));
    }
    operation.addLowCardinalityKeyValues(operation.lowCardinality());
    operation.addHighCardinalityKeyValues(operation.highCardinality());
    observation.stop();
  }

  private @Nullable McpOperation operation(
      Message message, String version, @Nullable String session) {
    return switch (message) {
      case Message.Request request ->
          operation(
              request.method(),
              request.params(),
              version,
              session,
              request.id().asString(),
              request.trace());
      case Message.Notification notification ->
          operation(notification.method(), notification.params(), version, session, null, Map.of());
      case Message.Response _ -> null;
    };
  }

  private McpOperation operation(
      String method,
      ObjectNode params,
      String version,
      @Nullable String session,
      @Nullable String id,
      Map<String, String> trace) {
    JsonNode named = params.path("name");
    String name = named.isString() ? named.asString() : "";
    return new McpOperation(
        METHODS.contains(method) ? method : OTHER,
        method.equals(Tool.CALL) && tools.find(name).isPresent() ? name : null,
        method.equals(ServedMethods.PROMPT) && primitives.prompt(name).isPresent() ? name : null,
        version,
        new McpOperation.Details(id, session, params.path("uri").stringValue(null)),
        trace);
  }
}
