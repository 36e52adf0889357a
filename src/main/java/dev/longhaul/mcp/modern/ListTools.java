package dev.longhaul.mcp.modern;

import dev.longhaul.mcp.tools.ServedTool;
import dev.longhaul.mcp.tools.ServedTools;
import dev.longhaul.mcp.wire.Replies;
import java.time.Duration;
import tools.jackson.databind.node.ObjectNode;

/** Serves tools/list: the same for every client, in a stable order. */
final class ListTools implements ModernMethod {
  private final ServedTools tools;
  private final ModernDialect dialect;
  private final Duration ttl;

  ListTools(ServedTools tools, ModernDialect dialect, Duration ttl) {
    this.tools = tools;
    this.dialect = dialect;
    this.ttl = ttl;
  }

  @Override
  public String name() {
    return "tools/list";
  }

  @Override
  public void handle(ModernRequest request) {
    ObjectNode result =
        tools.page(request.params().get("cursor"), ServedTool::description).result("tools");
    result.put("ttlMs", ttl.toMillis()).put("cacheScope", "public");
    request.exchange().reply().finish(200, Replies.result(request.id(), dialect.complete(result)));
  }
}
