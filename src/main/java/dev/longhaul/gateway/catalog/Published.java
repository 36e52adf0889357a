package dev.longhaul.gateway.catalog;

import dev.longhaul.gateway.config.ToolRules;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a worker has learned of an upstream, stored for all processes.
 *
 * @param upstream its name
 * @param position its place in the order in which upstreams get names
 * @param digest the digest of the configuration by which it was reached
 * @param queue the queue of its own, or null
 * @param url whether it is reached by a URL
 * @param trusted whether its tools' hints are believed
 * @param identity how it learns for whom a call is made, or null
 * @param rules which of its tools are served
 * @param about what it said of itself
 * @param lists its lists as it sent them
 * @param changes which known tools have changed, in words, the newest last
 */
record Published(
    String upstream,
    int position,
    String digest,
    @Nullable String queue,
    boolean url,
    boolean trusted,
    @Nullable String identity,
    ToolRules rules,
    About about,
    Lists lists,
    List<String> changes) {
  Published {
    changes = List.copyOf(changes);
  }

  /**
   * What an upstream said of itself.
   *
   * @param era {@code modern} or {@code legacy}
   * @param version the version of the protocol
   * @param info its name and version
   * @param capabilities its capabilities
   */
  record About(String era, String version, ObjectNode info, ObjectNode capabilities) {}

  /**
   * The lists of an upstream.
   *
   * @param more how many entries were left out because there were too many or they were too large
   */
  record Lists(
      List<ObjectNode> tools,
      List<ObjectNode> resources,
      List<ObjectNode> templates,
      List<ObjectNode> prompts,
      int more) {
    Lists {
      tools = List.copyOf(tools);
      resources = List.copyOf(resources);
      templates = List.copyOf(templates);
      prompts = List.copyOf(prompts);
    }
  }

  Upstream ref() {
    return new Upstream(upstream, queue, identity);
  }
}
