package dev.longhaul.mcp.legacy;

import dev.longhaul.intake.Caller;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.Message;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.mcp.wire.RpcException;
import dev.longhaul.mcp.wire.ServerIdentity;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Handles initialize: negotiates the revision and begins a session. */
final class Initialize {
  private static final int LONGEST_NAME = 200;
  private static final int LARGEST_CAPABILITIES = 16_384;

  private final SessionStore sessions;
  private final ServerIdentity identity;
  private final LegacyTasks tasks;

  Initialize(SessionStore sessions, ServerIdentity identity, LegacyTasks tasks) {
    this.tasks = tasks;
    this.sessions = sessions;
    this.identity = identity;
  }

  Session begin(Message.Request request, Caller caller) {
    String version = LegacyVersion.negotiate(requested(request));
    Session session =
        introduced(
            request,
            version,
            new Session(SessionIds.next(), caller.owner(), version, "", "", "{}", null, null));
    sessions.save(session);
    return session;
  }

  /** Negotiates the revision for a session that the transport of 2024-11-05 has already begun. */
  Session agree(Message.Request request, Session session) {
    return introduced(request, LegacyVersion.negotiateOnSse(requested(request)), session);
  }

  private static String requested(Message.Request request) {
    JsonNode version = request.params().path("protocolVersion");
    if (!version.isString()) {
      throw RpcException.invalidParams("params.protocolVersion must be a string.");
    }
    return version.asString();
  }

  private static Session introduced(Message.Request request, String version, Session session) {
    JsonNode client = request.params().path("clientInfo");
    JsonNode capabilities = request.params().path("capabilities");
    return session.agreed(
        version,
        bounded("clientInfo.name", client.path("name").stringValue(""), LONGEST_NAME),
        bounded("clientInfo.version", client.path("version").stringValue(""), LONGEST_NAME),
        bounded(
            "capabilities",
            capabilities.isObject() ? Json.text(capabilities) : "{}",
            LARGEST_CAPABILITIES));
  }

  /**
   * Limits the length, because these values are stored with the session and with each of its jobs.
   */
  private static String bounded(String field, String text, int longest) {
    if (text.length() > longest) {
      throw RpcException.invalidParams(
          "params." + field + " is longer than " + longest + " characters.");
    }
    return text;
  }

  ObjectNode result(Session session) {
    ObjectNode result = Replies.object().put("protocolVersion", session.version());
    ObjectNode capabilities = result.putObject("capabilities");
    capabilities.putObject("logging");
    capabilities.putObject("completions");
    capabilities.putObject("prompts").put("listChanged", true);
    capabilities.putObject("resources").put("subscribe", true).put("listChanged", true);
    capabilities.putObject("tools").put("listChanged", true);
    if (session.hasTasks()) {
      tasks.declare(capabilities);
    }
    result.set("serverInfo", identity.implementation());
    result.put("instructions", identity.instructions());
    return result;
  }
}
