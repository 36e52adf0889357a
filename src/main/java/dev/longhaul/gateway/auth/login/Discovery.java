package dev.longhaul.gateway.auth.login;

import dev.longhaul.gateway.auth.login.LoginHttp.Answer;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Finds the authorization server of an upstream: by the metadata of the resource (RFC 9728), which
 * a 401 or a well-known address names, then by that of the server (RFC 8414 or OpenID Connect).
 * Upstreams of 2025-03-26 without such metadata are their own authorization server.
 */
final class Discovery {
  private static final int OK = 200;
  private static final int UNAUTHORIZED = 401;
  private static final String RESOURCE = "/.well-known/oauth-protected-resource";
  private static final String SERVER = "/.well-known/oauth-authorization-server";
  private static final String OPENID = "/.well-known/openid-configuration";
  private static final String PROBE =
      """
      {"jsonrpc":"2.0","id":1,"method":"server/discover","params":{"_meta":\
      {"io.modelcontextprotocol/protocolVersion":"2026-07-28",\
      "io.modelcontextprotocol/clientCapabilities":{}}}}\
      """;

  private final LoginHttp http;
  private final String upstream;
  private final URI url;

  Discovery(LoginHttp http, String upstream, URI url) {
    this.http = http;
    this.upstream = upstream;
    this.url = url;
  }

  /**
   * Asks the upstream, without a token, and then the servers that it names.
   *
   * @throws LoginFailedException if there is none, or one that cannot be used
   */
  AuthorizationServer find() throws LoginFailedException {
    Answer refused =
        http.post(
            url,
            PROBE,
            Map.of(
                "Accept",
                "application/json, text/event-stream",
                "MCP-Protocol-Version",
                "2026-07-28",
                "Mcp-Method",
                "server/discover"),
            "The upstream " + upstream);
    Challenge challenge =
        refused.status() == UNAUTHORIZED ? Challenge.of(refused.challenges()) : Challenge.NONE;
    JsonNode metadata = resource(challenge.metadata());
    if (metadata == null) {
      if (refused.status() != UNAUTHORIZED) {
        throw new LoginFailedException(
            "The upstream "
                + upstream
                + " asks for no login: it answers with status "
                + refused.status()
                + " without one.");
      }
      return server(origin(url), url.toString(), challenge.scope());
    }
    String issuer = metadata.path("authorization_servers").path(0).stringValue(null);
    if (issuer == null) {
      throw new LoginFailedException(
          "The upstream "
              + upstream
              + " names no authorization server (authorization_servers in its metadata). Get a"
              + " token in its own way and send it with longhaul.upstreams."
              + upstream
              + ".headers.Authorization.");
    }
    return server(
        issuer,
        identifier(metadata),
        challenge.scope() == null ? scopes(metadata) : challenge.scope());
  }

  private static @Nullable String scopes(JsonNode metadata) {
    String all =
        metadata
            .path("scopes_supported")
            .valueStream()
            .filter(JsonNode::isString)
            .map(JsonNode::stringValue)
            .collect(Collectors.joining(" "));
    return all.isEmpty() ? null : all;
  }

  private @Nullable JsonNode resource(@Nullable String named) throws LoginFailedException {
    if (named != null) {
      URI at = http.address("resource_metadata of the upstream " + upstream, named);
      Answer answer = http.get(at, "The metadata of the upstream " + upstream);
      if (answer.status() == OK && answer.body().isObject()) {
        return answer.body();
      }
    }
    String path = path(url);
    List<String> places = path.isEmpty() ? List.of(RESOURCE) : List.of(RESOURCE + path, RESOURCE);
    for (String place : places) {
      Answer answer =
          http.get(URI.create(origin(url) + place), "The metadata of the upstream " + upstream);
      if (answer.status() == OK && answer.body().isObject()) {
        return answer.body();
      }
    }
    return null;
  }

  // RFC 9728, section 3.3, against metadata of somebody else. That of the whole server is accepted
  // for a path of it, because many give no other one.
  private String identifier(JsonNode metadata) throws LoginFailedException {
    String resource = metadata.path("resource").stringValue("");
    URI other = http.address("resource in the metadata of the upstream " + upstream, resource);
    String otherPath = path(other);
    boolean same =
        origin(other).equalsIgnoreCase(origin(url))
            && (path(url).equals(otherPath) || path(url).startsWith(otherPath + "/"));
    if (!same) {
      throw new LoginFailedException(
          "The metadata of the upstream "
              + upstream
              + " is that of "
              + Shown.text(resource)
              + ", which is another one than its url. Correct the url.");
    }
    return resource;
  }

  private AuthorizationServer server(String issuer, String resource, @Nullable String scope)
      throws LoginFailedException {
    String what = "The authorization server of the upstream " + upstream;
    URI at = http.address(what, issuer);
    String path = path(at);
    List<String> places = new ArrayList<>();
    if (path.isEmpty()) {
      places.addAll(List.of(SERVER, OPENID));
    } else {
      places.addAll(List.of(SERVER + path, OPENID + path, path + OPENID));
    }
    for (String place : places) {
      Answer answer = http.get(URI.create(origin(at) + place), what);
      if (answer.status() == OK && answer.body().isObject()) {
        return read(answer.body(), issuer, resource, scope);
      }
    }
    throw new LoginFailedException(
        what
            + " ("
            + Shown.text(issuer)
            + ") has no metadata (RFC 8414), so it is not known where to log in.");
  }

  private AuthorizationServer read(
      JsonNode metadata, String issuer, String resource, @Nullable String scope)
      throws LoginFailedException {
    String what = " of the authorization server of the upstream " + upstream;
    String named = metadata.path("issuer").stringValue("");
    if (!withoutSlash(named).equals(withoutSlash(issuer))) {
      throw new LoginFailedException(
          "The metadata"
              + what
              + " is that of "
              + Shown.text(named)
              + ", not of "
              + Shown.text(issuer)
              + "; it is not used.");
    }
    if (!has(metadata.path("code_challenge_methods_supported"), "S256")) {
      throw new LoginFailedException(
          "The metadata"
              + what
              + " does not say that it checks code challenges (S256 in"
              + " code_challenge_methods_supported), without which MCP permits no login.");
    }
    return new AuthorizationServer(
        named,
        http.address("authorization_endpoint" + what, text(metadata, "authorization_endpoint")),
        http.address("token_endpoint" + what, text(metadata, "token_endpoint")),
        optional("registration_endpoint", what, metadata),
        optional("revocation_endpoint", what, metadata),
        methods(metadata.path("token_endpoint_auth_methods_supported")),
        metadata.path("authorization_response_iss_parameter_supported").asBoolean(false),
        has(metadata.path("scopes_supported"), "offline_access"),
        resource,
        scope);
  }

  private @Nullable URI optional(String field, String what, JsonNode metadata)
      throws LoginFailedException {
    String text = text(metadata, field);
    return text == null ? null : http.address(field + what, text);
  }

  private static @Nullable String text(JsonNode metadata, String field) {
    return metadata.path(field).stringValue(null);
  }

  // Without the field it is client_secret_basic (RFC 8414, section 2).
  private static Set<Login.Method> methods(JsonNode supported) {
    return supported.isArray()
        ? Arrays.stream(Login.Method.values())
            .filter(method -> has(supported, method.text()))
            .collect(Collectors.toSet())
        : Set.of(Login.Method.BASIC);
  }

  private static boolean has(JsonNode array, String text) {
    return array.valueStream().anyMatch(each -> text.equals(each.stringValue(null)));
  }

  private static String withoutSlash(String text) {
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }

  private static String origin(URI url) {
    return url.getScheme() + "://" + url.getRawAuthority();
  }

  private static String path(URI url) {
    return withoutSlash(url.getRawPath() == null ? "" : url.getRawPath());
  }
}
