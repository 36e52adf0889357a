package dev.longhaul.mcp.modern;

import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.mcp.wire.ServerIdentity;
import java.time.Duration;
import tools.jackson.databind.node.ObjectNode;

/** Serves server/discover: the supported revisions and capabilities. */
final class Discover implements ModernMethod {
  private final ServerIdentity identity;
  private final ModernDialect dialect;
  private final Duration ttl;

  Discover(ServerIdentity identity, ModernDialect dialect, Duration ttl) {
    this.identity = identity;
    this.dialect = dialect;
    this.ttl = ttl;
  }

  @Override
  public String name() {
    return "server/discover";
  }

  /** The declared capabilities, which also limit what a subscription can request. */
  public ObjectNode capabilities() {
    ObjectNode capabilities = Replies.object();
    capabilities.putObject("tools").put("listChanged", true);
    capabilities.putObject("prompts").put("listChanged", true);
    capabilities.putObject("resources").put("listChanged", true).put("subscribe", true);
    capabilities.putObject("completions");
    capabilities.putObject("extensions").putObject(ModernRequest.TASKS);
    return capabilities;
  }

  @Override
  public void handle(ModernRequest request) {
    ObjectNode result = Replies.object();
    result.putArray("supportedVersions").add(Envelope.VERSION);
    result.set("capabilities", capabilities());
    result.put("instructions", identity.instructions());
    result.put("ttlMs", ttl.toMillis()).put("cacheScope", "public");
    request.exchange().reply().finish(200, Replies.result(request.id(), dialect.complete(result)));
  }
}
