package dev.longhaul.catalog;

import dev.longhaul.job.CacheKey;
import dev.longhaul.job.CacheRun;
import dev.longhaul.job.RequestContext;
import dev.longhaul.tool.Client;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Data of a job besides its caller's params, like the headers of a message.
 *
 * @param client the client, with the trace context of the call
 * @param request the request that submitted it, without a trace context
 * @param templates whether its arguments have templates that are filled in when it starts
 * @param run the run of a cacheable call, or null
 */
public record JobHeaders(
    Client client, RequestContext request, boolean templates, @Nullable CacheRun run) {
  public static final JobHeaders NONE = of(Client.NONE);

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** The headers of a call of this client. */
  public static JobHeaders of(Client client) {
    return new JobHeaders(client, RequestContext.NONE, false, null);
  }

  /** These headers with another client. */
  public JobHeaders by(Client who) {
    return new JobHeaders(who, request, templates, run);
  }

  /** These headers with another request. */
  public JobHeaders within(RequestContext which) {
    return new JobHeaders(client.traced(which.trace()), which, templates, run);
  }

  /** These headers for arguments with templates. */
  public JobHeaders templated() {
    return new JobHeaders(client, request, true, run);
  }

  /** These headers with the run of a cacheable call. */
  public JobHeaders running(CacheRun which) {
    return new JobHeaders(client, request, templates, which);
  }

  /** The stored form: JSON without empty fields. */
  public String json() {
    ObjectNode headers = JSON.createObjectNode();
    if (!client.equals(Client.NONE)) {
      ObjectNode field = headers.putObject("client").put("revision", client.revision());
      field.set("capabilities", client.capabilities());
      put(field, "name", client.name());
      put(field, "version", client.version());
      put(field, "log", client.logLevel());
      if (!client.trace().isEmpty()) {
        client.trace().forEach(field.putObject("trace")::put);
      }
    }
    if (!request.equals(RequestContext.NONE)) {
      ObjectNode field = headers.putObject("request");
      put(field, "id", request.requestId());
      put(field, "client", request.clientId());
      put(field, "locale", request.locale());
      put(field, "parent", request.parent());
    }
    if (templates) {
      headers.put("templates", true);
    }
    if (run != null) {
      headers
          .putObject("cache")
          .put("name", run.key().name())
          .put("call", run.key().call())
          .put("variant", run.key().variant())
          .put("flight", run.flight())
          .put("token", run.token())
          .put("life", run.life().toMillis());
    }
    return JSON.writeValueAsString(headers);
  }

  /** Reads the text written by {@link #json}. */
  public static JobHeaders read(String stored) {
    JsonNode headers = JSON.readTree(stored);
    return new JobHeaders(
        client(headers.get("client")),
        request(headers.get("request")),
        headers.has("templates"),
        run(headers.get("cache")));
  }

  // An earlier version stored fewer fields; the result of such a job is not cached.
  private static @Nullable CacheRun run(@Nullable JsonNode field) {
    return field == null || !field.has("life")
        ? null
        : new CacheRun(
            new CacheKey(
                field.path("name").asString(""),
                field.path("call").asString(""),
                field.path("variant").asString("")),
            field.path("flight").asString(""),
            field.path("token").asString(""),
            Duration.ofMillis(field.path("life").asLong(0)));
  }

  private static Client client(@Nullable JsonNode field) {
    if (field == null) {
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

  private static RequestContext request(@Nullable JsonNode field) {
    return field == null
        ? RequestContext.NONE
        : new RequestContext(
            text(field.get("id")),
            text(field.get("client")),
            text(field.get("locale")),
            Map.of(),
            text(field.get("parent")));
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
