package dev.longhaul.tool;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Carries the client of a call within the stored params of its job, under a name of our own. */
public final class StoredClient {
  static final String FIELD = "_client";

  private StoredClient() {}

  /** The params with their client; what a caller itself wrote there is dropped. */
  public static ObjectNode put(ObjectNode params, Client client) {
    if (client.equals(Client.NONE) && !params.has(FIELD)) {
      return params;
    }
    ObjectNode stored = params.deepCopy();
    stored.remove(FIELD);
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

  private static void put(ObjectNode field, String name, @Nullable String value) {
    if (value != null) {
      field.put(name, value);
    }
  }

  private static @Nullable String text(@Nullable JsonNode node) {
    return node == null ? null : node.asString();
  }
}
