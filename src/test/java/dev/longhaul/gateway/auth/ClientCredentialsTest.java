package dev.longhaul.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.longhaul.gateway.auth.owner.Assertions;
import dev.longhaul.gateway.config.ClientCredentials;
import dev.longhaul.gateway.config.Connection;
import dev.longhaul.gateway.config.Connection.HttpKind;
import dev.longhaul.gateway.config.ToolRules;
import dev.longhaul.gateway.config.UpstreamConfig;
import dev.longhaul.gateway.rpc.RequestHeaders;
import dev.longhaul.gateway.rpc.UpstreamLostException;
import dev.longhaul.gateway.session.SessionConfiguration;
import dev.longhaul.gateway.session.SessionListener;
import dev.longhaul.gateway.session.Sessions;
import dev.longhaul.thread.ClockConfiguration;
import io.micrometer.observation.ObservationRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** Access tokens by client credentials, of a token endpoint over HTTP. */
@Timeout(60)
class ClientCredentialsTest {
  private static final String SECRET = "s3cret: with & signs";

  private final AtomicInteger issued = new AtomicInteger();
  private final AtomicLong nanos = new AtomicLong();
  private final BlockingQueue<String> forms = new LinkedBlockingQueue<>();
  private final TokenEndpoint endpoint = new TokenEndpoint(ObservationRegistry.NOOP);
  private final UpstreamIdentity identity =
      new UpstreamIdentity(
          endpoint,
          () -> {
            throw new IllegalStateException("nobody logs in here");
          },
          new Assertions(Clock.systemUTC()),
          null,
          Clock.systemUTC(),
          nanos::get);
  private HttpServer server;
  private volatile String answer =
      "{\"access_token\":\"token-%d\",\"token_type\":\"bearer\",\"expires_in\":3600}";
  private volatile int status = 200;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/token", this::serve);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    endpoint.close();
  }

  private void serve(HttpExchange exchange) throws IOException {
    String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    forms.add(exchange.getRequestHeaders().getFirst("Authorization") + " " + form);
    byte[] body = answer.formatted(issued.incrementAndGet()).getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private Connection.Url url(String at, String secret) {
    return new Connection.Url(
        URI.create(at),
        HttpKind.STREAMABLE,
        Map.of("X-Tenant", "7"),
        new ClientCredentials(
            URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/token"),
            "longhaul",
            secret,
            List.of("read", "write"),
            "https://upstream.example/mcp"));
  }

  private static UpstreamConfig config(Connection.Url url) {
    return new UpstreamConfig(
        "notes",
        url,
        ToolRules.ALL,
        false,
        UpstreamConfig.SessionScope.SHARED,
        UpstreamConfig.QuestionRule.CLIENT,
        1,
        false,
        Duration.ofSeconds(10));
  }

  private RequestHeaders headers(String secret) {
    Connection.Url url = url("https://upstream.example/mcp", secret);
    return identity.of(config(url), url, null);
  }

  @Test
  void theApplicationSendsTheTokenToTheUpstream() {
    BlockingQueue<String> sent = new LinkedBlockingQueue<>();
    server.createContext(
        "/mcp",
        exchange -> {
          sent.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
          exchange.sendResponseHeaders(503, -1);
          exchange.close();
        });
    try (var context =
        new AnnotationConfigApplicationContext(
            SessionConfiguration.class, AuthConfiguration.class, ClockConfiguration.class)) {
      UpstreamConfig config =
          config(url("http://127.0.0.1:" + server.getAddress().getPort() + "/mcp", SECRET));
      assertThatThrownBy(() -> context.getBean(Sessions.class).open(config, SessionListener.NONE))
          .isInstanceOf(UpstreamLostException.class);
    }
    assertThat(sent).isNotEmpty().containsOnly("Bearer token-1");
  }

  @Test
  void aTokenIsAskedForOnceAndSentWithTheOtherHeaders() throws Exception {
    RequestHeaders headers = headers(SECRET);
    assertThat(headers.get(null))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("Authorization", "Bearer token-1", "X-Tenant", "7"));
    assertThat(headers(SECRET).get(null)).containsEntry("Authorization", "Bearer token-1");
    String[] sent = forms.take().split(" ", -1);
    String basic = new String(Base64.getDecoder().decode(sent[1]), StandardCharsets.UTF_8);
    assertThat(URLDecoder.decode(basic, StandardCharsets.UTF_8)).isEqualTo("longhaul:" + SECRET);
    assertThat(sent[2].split("&"))
        .containsExactlyInAnyOrder(
            "grant_type=client_credentials",
            "scope=read+write",
            "resource=https%3A%2F%2Fupstream.example%2Fmcp");
    assertThat(forms).isEmpty();
  }

  @Test
  void aTokenIsRenewedBeforeItEndsAndWhenItIsRefused() throws Exception {
    RequestHeaders headers = headers(SECRET);
    var _ = headers.get(null);
    nanos.set(Duration.ofSeconds(3569).toNanos());
    assertThat(headers.get(null)).containsEntry("Authorization", "Bearer token-1");
    nanos.set(Duration.ofSeconds(3570).toNanos());
    assertThat(headers.get(null)).containsEntry("Authorization", "Bearer token-2");
    assertThat(headers.get("Bearer"))
        .as("of a new one")
        .containsEntry("Authorization", "Bearer token-2");
    nanos.addAndGet(Duration.ofSeconds(5).toNanos());
    assertThat(headers.get("Bearer")).containsEntry("Authorization", "Bearer token-3");
  }

  @Test
  void anotherSecretGetsAnotherToken() throws Exception {
    var _ = headers(SECRET).get(null);
    assertThat(headers("another").get(null)).containsEntry("Authorization", "Bearer token-2");
  }

  @Test
  void aRefusalIsSaidWithoutTheSecret() {
    status = 401;
    answer = "{\"error\":\"invalid_client\"}";
    assertThatThrownBy(() -> headers(SECRET).get(null))
        .isInstanceOfSatisfying(
            UpstreamLostException.class,
            lost -> {
              assertThat(lost.sent()).isFalse();
              assertThat(lost.status()).isEqualTo(401);
            })
        .hasMessageContaining("longhaul.upstreams.notes.auth")
        .hasMessageContaining("invalid_client")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void anAnswerThatIsNoBearerTokenIsRefused() {
    for (String wrong :
        List.of(
            "no JSON",
            "[]",
            "{\"access_token\":\"a\",\"token_type\":\"mac\"}",
            "{\"access_token\":\"a\\nb\",\"token_type\":\"Bearer\"}",
            "x".repeat(70_000))) {
      answer = wrong;
      assertThatThrownBy(() -> headers(SECRET).get(null))
          .isInstanceOf(UpstreamLostException.class)
          .hasMessageContaining("no bearer token");
    }
  }
}
