package dev.longhaul.catalog;

import dev.longhaul.job.RequestContext;
import dev.longhaul.tool.Client;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Carries the client of a call, and the request it came with, within the stored params of its job,
 * under names of our own.
 */
public final class StoredClient {
  static final String FIELD = "_client";
  static final String REQUEST = "_request";

  private StoredClient() {}

  /** The params with their client and request; what a caller itself wrote there is dropped. */
  public static ObjectNode put(ObjectNode params, Client sender, RequestContext request) {
    Client client = sender.traced(request.trace());
    if (client.equals(Client.NONE)
        && request.equals(RequestContext.NONE)
        && !params.has(FIELD)
        && !params.has(REQUEST)) {
      return params;
    }
    ObjectNode stored = params.deepCopy();
    stored.remove(FIELD);
    stored.remove(REQUEST);
    putRequest(stored, request);
    if (!client.equals(Client.NONE)) {
      ObjectNode field = stored.putObject(FIELD).put("revision", client.revision());
      field.set("capabilities", client.capabilities());
      put(field, "name", client.name());
      put(field, "version", client.version());
      put(field, "log", client.logLevel());
      if (!client.trace().isEmpty()) {
        ObjectNode trace = field.putObject("trace");
        client.trace().forEach(trace::put);
      }
    }
    return stored;
  }

  /** Takes the client out of stored params. */
  public static Client take(ObjectNode params) {
    if (!(params.remove(FIELD) instanceof ObjectNode field)) {
      return Client.NONE;
    }
    Map<String, String> trace = new HashMap<>();
    field.path("trace").properties().forEach(e -> trace.put(e.getKey(), e.getValue().asString()));
    return new Client(
        field.path("revision").asString(""),
        field.get("capabilities") instanceof ObjectNode declared
            ? declared
            : Client.NONE.capabilities(),
        text(field.get("name")),
        text(field.get("version")),
        text(field.get("log")),
        trace);
  }

  /** Takes the request out of stored params; its trace context is the client's. */
  public static RequestContext takeRequest(ObjectNode params) {
    return params.remove(REQUEST) instanceof ObjectNode field
        ? new RequestContext(
            text(field.get("id")),
            text(field.get("client")),
            text(field.get("locale")),
            Map.of(),
            text(field.get("parent")))
        : RequestContext.NONE;
  }

  private static void putRequest(ObjectNode stored, RequestContext request) {
    if (request.equals(RequestContext.NONE)) {
      return;
    }
    ObjectNode field = stored.putObject(REQUEST);
    put(field, "id", request.requestId());
    put(field, "client", request.clientId());
    put(field, "locale", request.locale());
    put(field, "parent", request.parent());
  }

  private static void put(ObjectNode field, String name, @Nullable String value) {
    if (value != null) {
      field.put(name, value);
    }
  }

  private static @Nullable String text(@Nullable JsonNode node) {
    return node == null ? null : node.asString();
  }
}
