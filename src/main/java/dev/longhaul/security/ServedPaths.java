package dev.longhaul.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.core.env.Environment;

/**
 * The paths of Longhaul's endpoints, below the context path.
 *
 * @param mcp the MCP endpoint
 * @param sse the event stream of MCP 2024-11-05
 * @param messages the path to which clients of that revision post
 * @param api the REST API
 * @param actuator Actuator
 * @param sseServed whether the two paths of that revision are served
 * @param standalone whether this is the application, which owns all paths. In a host application
 *     Longhaul owns only the paths that it serves; the host may have others below the same roots
 */
public record ServedPaths(
    String mcp,
    String sse,
    String messages,
    String api,
    String actuator,
    boolean sseServed,
    boolean standalone) {

  /** The resources directly below the path of the REST API. */
  public static final List<String> RESOURCES =
      List.of(
          "jobs",
          "batches",
          "chains",
          "tools",
          "queues",
          "dead-letters",
          "cache",
          "clients",
          "statistics",
          "health",
          "upstreams",
          "keys",
          "execute");

  private static final Pattern PLAIN = Pattern.compile("(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+");

  /** The path of a resource's metadata (RFC 9728), followed by the resource's own path. */
  public static final String RESOURCE_METADATA = "/.well-known/oauth-protected-resource";

  /** The configured paths. */
  public static ServedPaths of(Environment environment) {
    String mvc = withoutSlash(environment.getProperty("spring.mvc.servlet.path", "/"));
    return new ServedPaths(
        environment.getProperty("longhaul.mcp.path", "/mcp"),
        environment.getProperty("longhaul.mcp.sse.path", "/sse"),
        environment.getProperty("longhaul.mcp.sse.message-path", "/messages"),
        mvc + environment.getProperty("longhaul.rest.path", "/api/v1"),
        mvc
            + withoutSlash(
                environment.getProperty("management.endpoints.web.base-path", "/actuator")),
        environment.getProperty("longhaul.mcp.sse.enabled", Boolean.class, true),
        Standalone.is(environment));
  }

  /**
   * The URL patterns for filters: all paths in the application, in a host application only
   * Longhaul's.
   */
  public List<String> patterns() {
    if (standalone) {
      return List.of("/*");
    }
    List<String> patterns = new ArrayList<>(List.of(mcp));
    if (sseServed) {
      patterns.addAll(List.of(sse, messages));
    }
    RESOURCES.forEach(resource -> patterns.add(api + "/" + resource + "/*"));
    return patterns;
  }

  /** Whether a path, below the context path, is Longhaul's. */
  boolean contain(String path) {
    return (sseServed && (path.equals(sse) || path.equals(messages)))
        || (standalone ? isBelow(path, mcp) : path.equals(mcp))
        || containInApi(path);
  }

  /** Whether a path, below the context path, is that of a resource's metadata. */
  public static boolean isMetadata(String path) {
    return isBelow(path, RESOURCE_METADATA);
  }

  /** Whether a path, below the context path, is the REST API's. */
  public boolean containInApi(String path) {
    return standalone
        ? isBelow(path, api)
        : RESOURCES.stream().anyMatch(resource -> isBelow(path, api + "/" + resource));
  }

  /** The request's path below the context path, as the servlet container maps it. */
  public static String path(HttpServletRequest request) {
    String below = request.getPathInfo();
    return below == null ? request.getServletPath() : request.getServletPath() + below;
  }

  /**
   * Whether a setting can be a path: it starts with / and does not end with it, and has only
   * characters that no server and no proxy reads in another way.
   */
  public static boolean isPlain(String path) {
    return PLAIN.matcher(path).matches();
  }

  /** Whether a path is a root or lies below it. */
  public static boolean isBelow(String path, String root) {
    return path.startsWith(root)
        && (path.length() == root.length() || path.charAt(root.length()) == '/');
  }

  private static String withoutSlash(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }
}
