package dev.longhaul.intake.cache;

import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolCatalogue;
import dev.longhaul.schema.NearestName;
import dev.longhaul.tool.CachePredicate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import tools.jackson.databind.node.ObjectNode;

/** The beans that decide by the arguments which answers may be kept. */
final class CachePredicates implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(CachePredicates.class);

  private final Map<String, List<CachePredicate>> byTool = new HashMap<>();
  private final ToolCatalogue tools;
  private volatile boolean running;

  CachePredicates(List<CachePredicate> predicates, ToolCatalogue tools) {
    this.tools = tools;
    for (CachePredicate predicate : predicates) {
      for (String tool : predicate.tools()) {
        byTool.computeIfAbsent(tool, _ -> new ArrayList<>()).add(predicate);
      }
    }
  }

  /** Whether all that are asked about the tool agree. */
  boolean allow(String tool, ObjectNode arguments) {
    for (CachePredicate predicate : byTool.getOrDefault(tool, List.of())) {
      try {
        if (!predicate.cacheable(tool, arguments)) {
          return false;
        }
      } catch (RuntimeException e) {
        log.warn("A CachePredicate of tool {} failed; the call is made", tool, e);
        return false;
      }
    }
    return true;
  }

  /**
   * When all tools are registered: a predicate for a tool that is not there is a slip of the pen.
   */
  @Override
  public void start() {
    List<String> served = tools.all().stream().map(Tool::name).toList();
    for (String name : byTool.keySet()) {
      if (!served.contains(name)) {
        throw new IllegalStateException(
            "A CachePredicate names the tool "
                + name
                + ", which is "
                + NearestName.unknown(name, served));
      }
    }
    running = true;
  }

  @Override
  public void stop() {
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Before the web server. */
  @Override
  public int getPhase() {
    return 0;
  }
}
