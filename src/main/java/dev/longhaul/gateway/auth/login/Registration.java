package dev.longhaul.gateway.auth.login;

import dev.longhaul.gateway.auth.login.Login.Client;
import dev.longhaul.gateway.auth.login.Login.Method;
import dev.longhaul.gateway.auth.login.LoginHttp.Answer;
import dev.longhaul.gateway.config.LoginClient;
import dev.longhaul.gateway.rpc.Wire;
import java.net.URI;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Who this server is at an authorization server: the client that the operator configured, which may
 * be the address of a client ID metadata document, else one that it registers (RFC 7591).
 */
final class Registration {
  private static final int LONGEST = 2_048;

  private final LoginHttp http;
  private final String upstream;

  Registration(LoginHttp http, String upstream) {
    this.http = http;
    this.upstream = upstream;
  }

  /**
   * Gets the client.
   *
   * @param redirect where the browser is sent back to
   * @param scope what will be asked for, or null
   */
  Client client(
      AuthorizationServer server, LoginClient configured, String redirect, @Nullable String scope)
      throws LoginFailedException {
    if (configured.id() != null) {
      return new Client(
          configured.id(),
          configured.secret(),
          configured.secret() == null
              ? Method.NONE
              : server.methods().contains(Method.BASIC) || !server.methods().contains(Method.POST)
                  ? Method.BASIC
                  : Method.POST,
          false);
    }
    URI endpoint = server.registrationEndpoint();
    if (endpoint == null) {
      throw new LoginFailedException(
          "The authorization server of the upstream "
              + upstream
              + " does not register clients by itself. Register one there, with the redirect URI"
              + " http://127.0.0.1:<port>/callback, and set longhaul.upstreams."
              + upstream
              + ".auth.client-id, .auth.redirect-port and, if it has one, .auth.client-secret.");
    }
    return registered(endpoint, method(server.methods()), redirect, scope);
  }

  // With a secret where that is possible: some give no refresh token to a client without one.
  private static Method method(Set<Method> supported) {
    return Stream.of(Method.BASIC, Method.POST)
        .filter(supported::contains)
        .findFirst()
        .orElse(Method.NONE);
  }

  private Client registered(URI endpoint, Method method, String redirect, @Nullable String scope)
      throws LoginFailedException {
    ObjectNode wanted = Wire.JSON.createObjectNode();
    wanted.put("client_name", "Longhaul");
    wanted.putArray("redirect_uris").add(redirect);
    wanted.putArray("grant_types").add("authorization_code").add("refresh_token");
    wanted.putArray("response_types").add("code");
    wanted.put("token_endpoint_auth_method", method.text());
    wanted.put("application_type", "native");
    if (scope != null) {
      wanted.put("scope", scope);
    }
    String what = "The authorization server of the upstream " + upstream;
    Answer answer = http.post(endpoint, wanted.toString(), Map.of(), what);
    JsonNode body = answer.body();
    String id = body.path("client_id").stringValue("");
    if (answer.status() / 100 != 2 || id.isEmpty() || id.length() > LONGEST) {
      throw new LoginFailedException(
          what
              + " has registered no client: HTTP "
              + answer.status()
              + ", "
              + Shown.text(body.path("error").stringValue(""))
              + ". Register one there and set longhaul.upstreams."
              + upstream
              + ".auth.client-id.");
    }
    String secret = body.path("client_secret").stringValue(null);
    String given = body.path("token_endpoint_auth_method").stringValue(method.text());
    Method agreed =
        Arrays.stream(Method.values())
            .filter(each -> each.text().equals(given))
            .findFirst()
            .orElse(method);
    if (agreed != Method.NONE && secret == null) {
      throw new LoginFailedException(what + " has registered a client without a secret.");
    }
    return new Client(id, agreed == Method.NONE ? null : secret, agreed, true);
  }
}
