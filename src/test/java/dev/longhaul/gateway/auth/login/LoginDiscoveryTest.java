package dev.longhaul.gateway.auth.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.observation.ObservationRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is believed of an upstream and the authorization server that it names, over HTTP. */
@Timeout(60)
class LoginDiscoveryTest {
  private static final String RESOURCE = "/.well-known/oauth-protected-resource/mcp";
  private static final String SERVER = "/.well-known/oauth-authorization-server";

  private final Map<String, String> documents = new ConcurrentHashMap<>();
  private HttpServer server;
  private volatile int status = 401;
  private volatile String challenge = "Bearer";

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          boolean mcp = path.equals("/mcp");
          if (mcp) {
            exchange.getResponseHeaders().set("WWW-Authenticate", challenge);
          }
          byte[] body = documents.getOrDefault(path, "{}").getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(
              mcp ? status : documents.containsKey(path) ? 200 : 404, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    documents.put(RESOURCE, resource(at("/mcp"), at("")));
    documents.put(SERVER, metadata(at(""), "\"code_challenge_methods_supported\": [\"S256\"]"));
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private String at(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private static String resource(String resource, String server) {
    return """
    {"resource": "%s", "authorization_servers": ["%s"], "scopes_supported": ["read", "write"]}
    """
        .formatted(resource, server);
  }

  private String metadata(String issuer, String more) {
    return """
    {"issuer": "%s", "authorization_endpoint": "%s", "token_endpoint": "%s", %s}
    """
        .formatted(issuer, at("/authorize"), at("/token"), more);
  }

  private AuthorizationServer find() throws LoginFailedException {
    URI url = URI.create(at("/mcp"));
    try (var http = new LoginHttp(url, ObservationRegistry.NOOP)) {
      return new Discovery(http, "notes", url).find();
    }
  }

  private void assertRefused(String... said) {
    var refused = assertThatThrownBy(this::find).isInstanceOf(LoginFailedException.class);
    for (String each : said) {
      refused.hasMessageContaining(each);
    }
  }

  @Test
  void theServerOfTheWellKnownMetadataIsFound() throws Exception {
    AuthorizationServer found = find();
    assertThat(found.tokenEndpoint()).isEqualTo(URI.create(at("/token")));
    assertThat(found.resource()).isEqualTo(at("/mcp"));
    assertThat(found.scope()).isEqualTo("read write");
    assertThat(found.methods()).containsExactly(Login.Method.BASIC);
    assertThat(found.registrationEndpoint()).isNull();
  }

  @Test
  void theChallengeWinsOverTheWellKnownAddress() throws Exception {
    challenge = "Bearer resource_metadata=\"" + at("/elsewhere") + "\", scope=\"read\"";
    documents.put("/elsewhere", resource(at(""), at("/tenant")));
    documents.put(
        "/tenant/.well-known/openid-configuration",
        metadata(
            at("/tenant"),
            "\"code_challenge_methods_supported\": [\"S256\"], \"scopes_supported\":"
                + " [\"offline_access\"]"));
    AuthorizationServer found = find();
    assertThat(found.issuer()).isEqualTo(at("/tenant"));
    assertThat(found.resource()).isEqualTo(at(""));
    assertThat(found.scope()).isEqualTo("read");
    assertThat(found.offline()).isTrue();
  }

  @Test
  void anUpstreamWithoutMetadataIsItsOwnServer() throws Exception {
    documents.remove(RESOURCE);
    assertThat(find().issuer()).isEqualTo(at(""));
  }

  @Test
  void anUpstreamThatAsksForNothingSaysSo() {
    documents.clear();
    status = 200;
    assertRefused("asks for no login", "200");
  }

  @Test
  void metadataOfSomebodyElseIsNotUsed() {
    documents.put(RESOURCE, resource(at("/other"), at("")));
    assertRefused("another one than its url");
    documents.put(RESOURCE, resource(at("/mcp"), at("")));
    documents.put(SERVER, metadata("https://other.example", "\"x\": 1"));
    assertRefused("https://other.example", "not used");
  }

  @Test
  void aServerThatDoesNotCheckCodeChallengesIsNotUsed() {
    documents.put(SERVER, metadata(at(""), "\"code_challenge_methods_supported\": [\"plain\"]"));
    assertRefused("S256");
  }

  @Test
  void namedAddressesAreOnThePublicInternetOrTheConfiguredHost() {
    documents.put(RESOURCE, resource(at("/mcp"), "http://example.com"));
    assertRefused("no https URL");
    documents.put(RESOURCE, resource(at("/mcp"), "https://10.0.0.1"));
    assertRefused("public internet");
    documents.put(RESOURCE, resource(at("/mcp"), "https://169.254.169.254"));
    assertRefused("public internet");
    challenge = "Bearer resource_metadata=\"file:///etc/passwd\"";
    assertRefused("no https URL");
  }

  @Test
  void anUpstreamElsewhereCannotNameThisMachine() throws Exception {
    URI url = URI.create("https://notes.example/mcp");
    try (var http = new LoginHttp(url, ObservationRegistry.NOOP)) {
      assertThatThrownBy(() -> http.address("x", at("/token")))
          .isInstanceOf(LoginFailedException.class);
      assertThatThrownBy(() -> http.get(URI.create("https://127.0.0.1:1/token"), "x"))
          .hasMessageContaining("public internet");
    }
  }
}
