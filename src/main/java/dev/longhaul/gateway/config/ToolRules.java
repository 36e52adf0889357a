package dev.longhaul.gateway.config;

import java.util.List;
import java.util.Map;

/**
 * Which tools of an upstream are served.
 *
 * @param allow patterns of names, with {@code *} for any characters; empty for all
 * @param deny patterns of names that are left out, which has precedence
 * @param rename the served name by the upstream's own
 */
public record ToolRules(List<String> allow, List<String> deny, Map<String, String> rename) {
  /** All tools under their own names. */
  public static final ToolRules ALL = new ToolRules(List.of(), List.of(), Map.of());

  public ToolRules {
    allow = List.copyOf(allow);
    deny = List.copyOf(deny);
    rename = Map.copyOf(rename);
  }
}
