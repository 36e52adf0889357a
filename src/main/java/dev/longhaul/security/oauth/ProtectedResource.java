package dev.longhaul.security.oauth;

import dev.longhaul.security.ServedPaths;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Serves the metadata of this server as a protected resource: for the whole server at the root, and
 * for each MCP endpoint at its own path, because clients derive the URL from the address that they
 * use.
 *
 * <p>Source: RFC 9728, section 3; MCP 2026-07-28, Authorization Server Discovery.
 */
public final class ProtectedResource {
  /** The path of the metadata, followed by the resource's own path. */
  static final String WELL_KNOWN = ServedPaths.RESOURCE_METADATA;

  private static final String OFFLINE = "offline_access"; // no need of a resource

  private final @Nullable String publicUrl;
  private final String issuer;
  private final List<String> paths;
  private final List<String> scopes;
  private final JsonMapper json = JsonMapper.builder().build();

  /**
   * @param publicUrl the address that clients use for this server; null to derive it from each
   *     request
   */
  public ProtectedResource(
      OAuthProperties properties, String issuer, @Nullable String publicUrl, ServedPaths served) {
    this.publicUrl = publicUrl == null ? null : withoutSlash(publicUrl);
    this.issuer = issuer;
    this.paths = List.of(served.mcp(), served.sse());
    Set<String> all = new LinkedHashSet<>(properties.scopes());
    all.addAll(properties.adminScopes());
    all.remove(OFFLINE);
    this.scopes = List.copyOf(all);
  }

  /** The audiences of tokens: the server, or one of its MCP endpoints. */
  public static Set<String> addresses(String publicUrl, ServedPaths served) {
    String base = withoutSlash(publicUrl);
    return Set.of(base, base + "/", base + served.mcp(), base + served.sse());
  }

  /**
   * The metadata at a path.
   *
   * @param path the request's path below the context path
   * @return empty if the path is not that of metadata
   */
  public Optional<byte[]> metadata(HttpServletRequest request, String path) {
    if (!path.startsWith(WELL_KNOWN)) {
      return Optional.empty();
    }
    String base = base(request);
    String asked = path.substring(WELL_KNOWN.length());
    String prefix = path(base);
    if (!prefix.isEmpty() && asked.startsWith(prefix)) {
      asked = asked.substring(prefix.length());
    }
    if (!asked.isEmpty() && !paths.contains(asked)) {
      return Optional.empty();
    }
    return Optional.of(json.writeValueAsBytes(describe(base + asked)));
  }

  /** The URL of the metadata for the resource of a request. */
  public String metadataUrl(HttpServletRequest request, String path) {
    String base = base(request);
    String prefix = path(base);
    String origin = base.substring(0, base.length() - prefix.length());
    return origin + WELL_KNOWN + prefix + (paths.contains(path) ? path : "");
  }

  private ObjectNode describe(String resource) {
    ObjectNode body = json.createObjectNode().put("resource", resource);
    body.putArray("authorization_servers").add(issuer);
    if (!scopes.isEmpty()) {
      ArrayNode supported = body.putArray("scopes_supported");
      new ArrayList<>(scopes).forEach(supported::add);
    }
    body.putArray("bearer_methods_supported").add("header");
    return body.put("resource_name", "Longhaul");
  }

  private String base(HttpServletRequest request) {
    if (publicUrl != null) {
      return publicUrl;
    }
    StringBuffer url = request.getRequestURL();
    url.setLength(url.length() - request.getRequestURI().length());
    return url.append(request.getContextPath()).toString();
  }

  private static String path(String base) {
    return URI.create(base).getPath();
  }

  private static String withoutSlash(String url) {
    return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }
}
