package dev.longhaul.mcp.legacy;

import dev.longhaul.mcp.ServerIdentity;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.Message;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.mcp.wire.RpcException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** initialize: agrees on a revision and begins a session. */
public final class Initialize {
  private final SessionStore sessions;
  private final ServerIdentity identity;

  public Initialize(SessionStore sessions, ServerIdentity identity) {
    this.sessions = sessions;
    this.identity = identity;
  }

  Session begin(Message.Request request) {
    ObjectNode params = request.params();
    JsonNode version = params.path("protocolVersion");
    if (!version.isString()) {
      throw RpcException.invalidParams("params.protocolVersion must be a string.");
    }
    JsonNode client = params.path("clientInfo");
    JsonNode capabilities = params.path("capabilities");
    Session session =
        new Session(
            SessionIds.next(),
            LegacyVersion.negotiate(version.asString()),
            client.path("name").stringValue(""),
            client.path("version").stringValue(""),
            capabilities.isObject() ? Json.text(capabilities) : "{}");
    sessions.save(session);
    return session;
  }

  ObjectNode result(Session session) {
    ObjectNode result = Replies.object().put("protocolVersion", session.version());
    ObjectNode capabilities = result.putObject("capabilities");
    capabilities.putObject("tools");
    capabilities.putObject("prompts");
    capabilities.putObject("resources");
    capabilities.putObject("completions");
    result.set("serverInfo", identity.implementation());
    result.put("instructions", identity.instructions());
    return result;
  }
}
