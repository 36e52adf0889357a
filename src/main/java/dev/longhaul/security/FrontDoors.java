package dev.longhaul.security;

import java.util.List;
import org.springframework.core.env.Environment;

/**
 * Where the front doors are, below the context path.
 *
 * @param mcp the MCP endpoint
 * @param sse the event stream of MCP 2024-11-05
 * @param messages where clients of that revision post
 * @param api the REST API
 * @param actuator Actuator
 */
public record FrontDoors(String mcp, String sse, String messages, String api, String actuator) {

  /** Where a resource's metadata is (RFC 9728); its own path follows. */
  public static final String RESOURCE_METADATA = "/.well-known/oauth-protected-resource";

  /** The paths as the application is configured. */
  public static FrontDoors of(Environment environment) {
    return new FrontDoors(
        environment.getProperty("longhaul.mcp.path", "/mcp"),
        environment.getProperty("longhaul.mcp.sse.path", "/sse"),
        environment.getProperty("longhaul.mcp.sse.message-path", "/messages"),
        withoutSlash(environment.getProperty("spring.mvc.servlet.path", "/")) + "/api/v1",
        withoutSlash(environment.getProperty("spring.mvc.servlet.path", "/"))
            + environment.getProperty("management.endpoints.web.base-path", "/actuator"));
  }

  /**
   * What a filter before the front doors is mapped to: in the application every path, in a host
   * application only Longhaul's own.
   */
  public List<String> patterns(Environment environment) {
    return Standalone.is(environment)
        ? List.of("/*")
        : List.of(mcp + "/*", sse, messages, api + "/*");
  }

  /**
   * Whether a path, below the context path, is that of a front door or of what it tells clients.
   */
  boolean lead(String path) {
    return path.equals(sse)
        || path.equals(messages)
        || isBelow(path, mcp)
        || isBelow(path, api)
        || isBelow(path, RESOURCE_METADATA);
  }

  private static boolean isBelow(String path, String root) {
    return path.startsWith(root)
        && (path.length() == root.length() || path.charAt(root.length()) == '/');
  }

  private static String withoutSlash(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }
}
