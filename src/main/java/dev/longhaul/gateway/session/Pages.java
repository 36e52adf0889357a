package dev.longhaul.gateway.session;

import dev.longhaul.gateway.rpc.RpcErrorException;
import dev.longhaul.gateway.rpc.UpstreamProtocolException;
import dev.longhaul.gateway.session.UpstreamSession.Facts;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads all pages of a list (server/utilities/pagination), within bounds. */
final class Pages {
  private static final Map<String, String> FIELDS =
      Map.of(
          "tools/list", "tools",
          "resources/list", "resources",
          "resources/templates/list", "resourceTemplates",
          "prompts/list", "prompts");

  private Pages() {}

  /** A request for one page. */
  @FunctionalInterface
  interface Page {
    ObjectNode get(ObjectNode params) throws InterruptedException;
  }

  /** A list of an upstream; empty if it has no such capability. Hints of its tools are learnt. */
  static List<ObjectNode> of(Setup setup, Facts facts, String method, Page page)
      throws InterruptedException {
    if (!Capabilities.has(facts.capabilities(), method)) {
      return List.of();
    }
    List<ObjectNode> entries = all(method, setup.limits(), page);
    if (method.equals("tools/list")) {
      setup.hints().learn(entries);
    }
    return entries;
  }

  /**
   * Reads a list.
   *
   * @throws UpstreamProtocolException if a page is invalid, its cursor was there before, or the
   *     list exceeds a bound
   */
  static List<ObjectNode> all(String method, SessionLimits limits, Page page)
      throws InterruptedException {
    String field = FIELDS.get(method);
    if (field == null) {
      throw new IllegalArgumentException("not the method of a list: " + method);
    }
    List<ObjectNode> entries = new ArrayList<>();
    Set<String> cursors = new HashSet<>();
    long bytes = 0;
    ObjectNode params = JsonNodeFactory.instance.objectNode();
    for (int pages = 1; ; pages++) {
      ObjectNode result;
      try {
        result = page.get(params);
      } catch (RpcErrorException e) {
        // Many servers with resources have no templates and do not know the method.
        if (e.code() == Eras.METHOD_NOT_FOUND && method.equals("resources/templates/list")) {
          return entries;
        }
        throw e;
      }
      JsonNode found = result.path(field);
      if (!found.isArray()) {
        throw invalid(method, "has no array " + field);
      }
      for (JsonNode entry : found) {
        if (!(entry instanceof ObjectNode object)) {
          throw invalid(method, "has an entry that is no object");
        }
        entries.add(object);
        bytes += object.toString().length();
      }
      if (entries.size() > limits.entries() || bytes > limits.bytes()) {
        throw invalid(
            method,
            "has more than " + limits.entries() + " entries or " + limits.bytes() + " bytes");
      }
      JsonNode cursor = result.path("nextCursor");
      if (cursor.isMissingNode() || cursor.isNull()) {
        return entries;
      }
      if (!cursor.isString()) {
        throw invalid(method, "has a nextCursor that is no string");
      }
      if (!cursors.add(cursor.stringValue())) {
        throw invalid(method, "has a nextCursor for the second time, so it would never end");
      }
      if (pages >= limits.pages()) {
        throw invalid(method, "has more than " + limits.pages() + " pages");
      }
      params = JsonNodeFactory.instance.objectNode().put("cursor", cursor.stringValue());
    }
  }

  private static UpstreamProtocolException invalid(String method, String what) {
    return new UpstreamProtocolException("The upstream's answer to " + method + " " + what + ".");
  }
}
