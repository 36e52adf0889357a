package dev.longhaul.gateway.auth.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulApplication;
import dev.longhaul.cli.Commands;
import dev.longhaul.cli.TestTerminal;
import dev.longhaul.cli.upstreams.UpstreamsCommand;
import dev.longhaul.gateway.config.Connection;
import dev.longhaul.gateway.config.Connection.HttpKind;
import dev.longhaul.gateway.redis.RedisLoginStore;
import dev.longhaul.gateway.rpc.RequestHeaders;
import dev.longhaul.gateway.rpc.UpstreamLostException;
import dev.longhaul.redis.Channels;
import dev.longhaul.redis.KeyTags;
import dev.longhaul.redis.RedisConnections;
import dev.longhaul.secret.Encryption;
import dev.longhaul.testing.TestRedis;
import dev.longhaul.testsupport.TestClock;
import io.micrometer.observation.ObservationRegistry;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A person logs in for an upstream, with a real authorization server and a real Redis. */
@Timeout(240)
class LoginTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String KEY = "test:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final String namespace = TestRedis.namespace();
  private final LettuceConnectionFactory connections = TestRedis.connections();
  private final RedisConnections redis = new RedisConnections(connections, Duration.ofMinutes(1));
  private final Channels channels = new Channels(redis);
  private final RedisLoginStore store =
      new RedisLoginStore(redis, channels, new KeyTags(namespace));
  private final LoginKey key = new LoginKey(new Encryption(KEY, List.of()), null);
  private final TestClock clock = TestClock.running();
  private TestAuthorizationServer authorization;
  private ProtectedUpstream upstream;
  private @Nullable Run run;
  private boolean keyed = true;

  @BeforeEach
  void start() {
    authorization = new TestAuthorizationServer(true, 1);
    upstream = new ProtectedUpstream(authorization);
  }

  @AfterEach
  void stop() {
    upstream.close();
    authorization.close();
    channels.close();
    redis.close();
    connections.destroy();
  }

  /** A command that runs. */
  private static final class Run {
    private final TestTerminal terminal = TestTerminal.piped();
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();

    Run(String... arguments) {
      var commands = new Commands(List.of(new UpstreamsCommand()), Properties::new);
      Thread.ofPlatform()
          .daemon()
          .start(() -> {
            try {
              exit.complete(terminal.run(commands, arguments));
            } catch (RuntimeException | Error e) {
              exit.completeExceptionally(e);
            }
          });
    }

    URI address() {
      await().atMost(LIMIT).until(() -> exit.isDone() || out().contains("\n"));
      assertThat(out()).as(err()).contains("\n");
      return URI.create(out().strip());
    }

    int exit() throws Exception {
      return exit.get(60, TimeUnit.SECONDS);
    }

    String out() {
      return terminal.out();
    }

    String err() {
      return terminal.err();
    }
  }

  private Run upstreams(String... more) {
    run = new Run(with("upstreams", more));
    return run;
  }

  private String[] with(String first, String... more) {
    List<String> all = new ArrayList<>();
    if (!first.isEmpty()) {
      all.add(first);
    }
    all.addAll(
        List.of(
            "--spring.data.redis.url=" + TestRedis.url(),
            "--longhaul.namespace=" + namespace,
            "--longhaul.upstreams.notes.url=" + upstream.url()));
    if (keyed) {
      all.add("--longhaul.security.encryption.key=" + KEY);
    }
    all.addAll(Arrays.asList(more));
    return all.toArray(String[]::new);
  }

  private Run last() {
    return Objects.requireNonNull(run);
  }

  private void logIn(String... more) throws Exception {
    List<String> all = new ArrayList<>(List.of("login", "notes"));
    all.addAll(Arrays.asList(more));
    Browser browser = new Browser();
    Run run = upstreams(all.toArray(String[]::new));
    assertThat(browser.get(browser.decide(run.address(), true)).statusCode()).isEqualTo(200);
    assertThat(run.exit()).as(run.err()).isZero();
  }

  /** What another process has. */
  private RequestHeaders process() {
    return new LoginTokens(store, key, ObservationRegistry.NOOP, clock)
        .of("notes", new Connection.Url(URI.create(upstream.url()), HttpKind.STREAMABLE, Map.of()));
  }

  private Login stored() throws LoginFailedException {
    return key.open("notes", store.find("notes").orElseThrow().sealed());
  }

  private LoginState.State state() {
    return store.state("notes", clock.instant()).orElseThrow().state();
  }

  @Test
  void aRunningServerSaysThatALoginIsNeededAndUsesItAtOnceAndAfterARestart() throws Exception {
    try (var server = server()) {
      await().atMost(LIMIT).until(() -> "needed".equals(shown(server).path("login").asString("")));
      await()
          .atMost(LIMIT)
          .until(() ->
              shown(server)
                  .path("last_error")
                  .asString("")
                  .contains("java -jar longhaul.jar upstreams login notes"));
      logIn();
      assertThat(last().err()).contains("The login of the upstream notes is stored.");
      await().atMost(LIMIT).until(() -> shown(server).path("tools").toString().contains("whoami"));
      assertThat(shown(server).path("login").asString()).isEqualTo("present");
      assertThat(called(server)).contains(TestAuthorizationServer.USER);
    }
    try (var server = server()) {
      assertThat(called(server)).contains(TestAuthorizationServer.USER);
      assertThat(upstreams("list").exit()).isZero();
      assertThat(last().out()).contains("notes", upstream.url(), "login present");
      String refresh = Objects.requireNonNull(stored().tokens().refresh());
      assertThat(upstreams("logout", "notes").exit()).isZero();
      assertThat(authorization.knows(refresh)).as("it is revoked").isFalse();
      await().atMost(LIMIT).until(() -> "needed".equals(shown(server).path("login").asString("")));
    }
  }

  private ConfigurableApplicationContext server() {
    return new SpringApplicationBuilder(LonghaulApplication.class)
        .run(
            with(
                "", "--server.port=0", "--server.address=127.0.0.1", "--longhaul.standalone=true"));
  }

  private static JsonNode shown(ConfigurableApplicationContext server) throws Exception {
    return send(server, "/api/v1/upstreams/notes", null);
  }

  private static String called(ConfigurableApplicationContext server) throws Exception {
    JsonNode job = send(server, "/api/v1/jobs", "{\"tool\": \"notes_whoami\", \"arguments\": {}}");
    String id = job.path("id").asString();
    await()
        .atMost(LIMIT)
        .until(() ->
            List.of("COMPLETED", "FAILED")
                .contains(
                    send(server, "/api/v1/jobs/" + id, null)
                        .path("state")
                        .asString("")
                        .toUpperCase(Locale.ROOT)));
    return send(server, "/api/v1/jobs/" + id, null).toString()
        + send(server, "/api/v1/jobs/" + id + "/result", null);
  }

  private static JsonNode send(
      ConfigurableApplicationContext server, String path, @Nullable String body) throws Exception {
    var request =
        HttpRequest.newBuilder(
                URI.create(
                    "http://127.0.0.1:"
                        + server.getEnvironment().getRequiredProperty("local.server.port")
                        + path))
            .header("Content-Type", "application/json")
            .header("Accept", "application/json");
    if (body != null) {
      request.POST(HttpRequest.BodyPublishers.ofString(body));
    }
    try (var client = HttpClient.newHttpClient()) {
      String text = client.send(request.build(), BodyHandlers.ofString()).body();
      return JSON.readTree(text.isEmpty() ? "{}" : text);
    }
  }

  @Test
  void theLoginIsForTheUpstreamAndEncrypted() throws Exception {
    logIn();
    Login login = stored();
    assertThat(login.upstream()).isEqualTo(upstream.url());
    assertThat(authorization.decoder().decode(login.tokens().access()).getAudience())
        .containsExactly(upstream.url());
    assertThat(login.client().registered()).isTrue();
    Map<String, String> hash = redis.run(on -> on.hgetall("{lh:" + namespace + "}:up:login:notes"));
    assertThat(hash.toString())
        .contains("present")
        .doesNotContain(login.tokens().access())
        .doesNotContain(Objects.requireNonNull(login.tokens().refresh()))
        .doesNotContain(login.client().id());
    assertThat(last().out() + last().err()).doesNotContain(login.tokens().access());
  }

  @Test
  void twoProcessesRenewItOnceAndBothUseWhatCameOfIt() throws Exception {
    logIn();
    Login first = stored();
    RequestHeaders one = process();
    RequestHeaders two = process();
    assertThat(one.get(null)).as("nothing was asked for yet").isEmpty();
    assertThat(one.get("Bearer")).containsValue("Bearer " + first.tokens().access());
    assertThat(two.get("Bearer")).containsValue("Bearer " + first.tokens().access());

    for (int round = 1; round <= 3; round++) {
      clock.advance(Duration.ofMinutes(6));
      var a = CompletableFuture.supplyAsync(() -> token(one, null));
      var b = CompletableFuture.supplyAsync(() -> token(two, null));
      assertThat(a.get(60, TimeUnit.SECONDS)).isEqualTo(b.get(60, TimeUnit.SECONDS));
      assertThat(authorization.refreshes()).isEqualTo(round);
      assertThat(a.join()).isEqualTo("Bearer " + stored().tokens().access());
    }
    assertThat(stored().tokens().refresh()).isNotEqualTo(first.tokens().refresh());
    assertThat(state()).isEqualTo(LoginState.State.PRESENT);
  }

  private static @Nullable String token(RequestHeaders headers, @Nullable String challenge) {
    try {
      return headers.get(challenge).get("Authorization");
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aRefusedTokenIsRenewed() throws Exception {
    logIn();
    RequestHeaders process = process();
    String before = token(process, "");
    assertThat(token(process, "Bearer")).as("it is new").isEqualTo(before);
    clock.advance(Duration.ofSeconds(10));
    assertThat(token(process, null)).isEqualTo(before);
    assertThat(token(process, "Bearer error=\"invalid_token\"")).isNotEqualTo(before);
    assertThat(authorization.refreshes()).isEqualTo(1);
  }

  @Test
  void aLoginThatWasTakenBackIsExpiredAndSaysWhatToDo() throws Exception {
    logIn();
    RequestHeaders process = process();
    var _ = process.get("");
    authorization.forget(Objects.requireNonNull(stored().tokens().refresh()));
    clock.advance(Duration.ofMinutes(6));
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> process.get(null))
          .isInstanceOf(UpstreamLostException.class)
          .hasMessageContaining("has expired")
          .hasMessageContaining("java -jar longhaul.jar upstreams login notes");
    }
    assertThat(authorization.refreshes()).isEqualTo(1);
    assertThat(state()).isEqualTo(LoginState.State.EXPIRED);
    assertThat(upstreams("list").exit()).isZero();
    assertThat(last().out()).contains("login expired");

    logIn();
    assertThat(token(process, null)).isEqualTo("Bearer " + stored().tokens().access());
  }

  @Test
  void anotherAddressDoesNotGetTheToken() throws Exception {
    logIn();
    RequestHeaders other =
        new LoginTokens(store, key, ObservationRegistry.NOOP, clock)
            .of(
                "notes",
                new Connection.Url(
                    URI.create("https://other.example/mcp"), HttpKind.STREAMABLE, Map.of()));
    assertThatThrownBy(() -> other.get(""))
        .isInstanceOf(UpstreamLostException.class)
        .hasMessageContaining("upstreams login notes");
  }

  @Test
  void anAnswerWithAnotherStateChangesNothing() throws Exception {
    Browser browser = new Browser();
    Run run = upstreams("login", "notes");
    URI back = browser.decide(run.address(), true);
    URI wrong = URI.create(back.toString().replaceAll("state=[^&]*", "state=guessed"));
    assertThat(browser.get(wrong).statusCode()).isEqualTo(400);
    assertThat(run.exit.isDone()).isFalse();
    assertThat(browser.get(back).statusCode()).isEqualTo(200);
    assertThat(run.exit()).as(run.err()).isZero();
  }

  @Test
  void whatThePersonRefusesIsShown() throws Exception {
    Browser browser = new Browser();
    Run run = upstreams("login", "notes");
    var _ = browser.get(browser.decide(run.address(), false));
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).contains("access_denied");
    assertThat(store.find("notes")).isEmpty();
  }

  @Test
  void theWaitEnds() throws Exception {
    Run run = upstreams("login", "notes", "--wait", "1ms");
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).contains("Nobody has logged in", "--wait");
  }

  @Test
  void withoutRegistrationAConfiguredClientIsNeededAndUsed() throws Exception {
    upstream.close();
    authorization.close();
    int port;
    try (var free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    authorization = new TestAuthorizationServer(false, port);
    upstream = new ProtectedUpstream(authorization);

    assertThat(upstreams("login", "notes").exit()).isEqualTo(1);
    assertThat(last().err()).contains("longhaul.upstreams.notes.auth.client-id");

    logIn(
        "--longhaul.upstreams.notes.auth.client-id=" + TestAuthorizationServer.CLIENT,
        "--longhaul.upstreams.notes.auth.client-secret=" + TestAuthorizationServer.CLIENT_SECRET,
        "--longhaul.upstreams.notes.auth.redirect-port=" + port);
    assertThat(stored().client().registered()).isFalse();
    clock.advance(Duration.ofMinutes(6));
    assertThat(token(process(), "")).isEqualTo("Bearer " + stored().tokens().access());
    assertThat(authorization.refreshes()).isEqualTo(1);
  }

  @Test
  void withoutAKeyNothingIsStored() throws Exception {
    keyed = false;
    Run run = upstreams("login", "notes");
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).contains("longhaul.security.encryption.key", "openssl rand -base64 32");
    assertThat(run.out()).isEmpty();
  }
}
