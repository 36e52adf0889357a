package dev.longhaul.security.oauth;

import dev.longhaul.security.FrontDoors;
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
 * What this server says of itself as a resource: the whole server at the root, and each MCP
 * endpoint at its own path, because a client asks for the address that it was given.
 *
 * <p>Source: RFC 9728, section 3; MCP 2026-07-28, Authorization Server Discovery.
 */
final class ProtectedResource {
  /** Where the metadata is; a resource's own path follows. */
  static final String WELL_KNOWN = FrontDoors.RESOURCE_METADATA;

  private static final String OFFLINE = "offline_access"; // no need of a resource

  private final @Nullable String publicUrl;
  private final String issuer;
  private final List<String> paths;
  private final List<String> scopes;
  private final JsonMapper json = JsonMapper.builder().build();

  /**
   * A resource.
   *
   * @param publicUrl the address clients use for this server; null to take it from each request
   */
  ProtectedResource(
      OAuthProperties properties, String issuer, @Nullable String publicUrl, FrontDoors doors) {
    this.publicUrl = publicUrl == null ? null : withoutSlash(publicUrl);
    this.issuer = issuer;
    this.paths = List.of(doors.mcp(), doors.sse());
    Set<String> all = new LinkedHashSet<>(properties.scopes());
    all.addAll(properties.adminScopes());
    all.remove(OFFLINE);
    this.scopes = List.copyOf(all);
  }

  /** What tokens may be made out to: the server, or one of its MCP endpoints. */
  static Set<String> addresses(String publicUrl, FrontDoors doors) {
    String base = withoutSlash(publicUrl);
    return Set.of(base, base + "/", base + doors.mcp(), base + doors.sse());
  }

  /**
   * The metadata that a request asks for.
   *
   * @param path the request's path below the context path
   * @return empty if it asks for something else
   */
  Optional<byte[]> metadata(HttpServletRequest request, String path) {
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

  /** Where the metadata of the resource is that a request was sent to. */
  String metadataUrl(HttpServletRequest request, String path) {
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
