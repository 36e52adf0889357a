package dev.longhaul.gateway.config;

import java.util.List;
import java.util.Map;

/**
 * Which tools of an upstream are served.
 *
 * @param allow patterns of names, with {@code *} for any characters; empty for all
 * @param deny patterns of names that are left out, which has precedence
 * @param rename the served name by the upstream's own
 * @param pin whether a tool whose description or schema has changed stays as it was first known
 */
public record ToolRules(
    List<String> allow, List<String> deny, Map<String, String> rename, boolean pin) {
  /** All tools under their own names. */
  public static final ToolRules ALL = new ToolRules(List.of(), List.of(), Map.of());

  public ToolRules {
    allow = List.copyOf(allow);
    deny = List.copyOf(deny);
    rename = Map.copyOf(rename);
  }

  public ToolRules(List<String> allow, List<String> deny, Map<String, String> rename) {
    this(allow, deny, rename, false);
  }

  /** Whether the tool of that name is served. */
  public boolean serve(String tool) {
    return (allow.isEmpty() || matches(allow, tool)) && !matches(deny, tool);
  }

  private static boolean matches(List<String> patterns, String tool) {
    return patterns.stream().anyMatch(pattern -> matches(pattern, tool));
  }

  // Greedy with one place to return to, so that no pattern takes long.
  private static boolean matches(String pattern, String text) {
    int p = 0;
    int star = -1;
    int from = 0;
    for (int t = 0; t < text.length(); ) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        from = t;
      } else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
        p++;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++from;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
