package dev.longhaul.builtin.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.longhaul.outbound.AddressGuard;
import dev.longhaul.outbound.AddressRefusedException;
import dev.longhaul.outbound.HostResolver;
import io.micrometer.observation.ObservationRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class UrlFetcherTest {
  private static final int MAX_BODY = 100_000;
  private static final FetchLimits LIMITS = new FetchLimits(MAX_BODY, 1_000_000);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger atOnce = new AtomicInteger();
  private final AtomicInteger mostAtOnce = new AtomicInteger();
  private final CountDownLatch slowBegun = new CountDownLatch(1);
  private final CountDownLatch slowBroken = new CountDownLatch(1);
  private HttpServer server;
  private String base;

  @SuppressWarnings("NullAway.Init")
  UrlFetcherTest() {}

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
    base = "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    requests.incrementAndGet();
    mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
    String path = exchange.getRequestURI().getPath();
    try (exchange) {
      if (path.startsWith("/redirect/")) {
        int left = Integer.parseInt(path.substring(10));
        redirect(exchange, left == 0 ? "/text" : "/redirect/" + (left - 1));
      } else if (path.equals("/elsewhere")) {
        redirect(exchange, exchange.getRequestURI().getQuery());
      } else if (path.equals("/missing")) {
        send(exchange, 404, "text/plain", "no such thing".getBytes(StandardCharsets.UTF_8));
      } else if (path.equals("/binary")) {
        send(exchange, 200, "image/png", new byte[5_000]);
      } else if (path.equals("/large")) {
        send(exchange, 200, "text/plain", "é".repeat(MAX_BODY).getBytes(StandardCharsets.UTF_8));
      } else if (path.equals("/bomb")) {
        exchange.getResponseHeaders().add("Content-Encoding", "gzip");
        send(exchange, 200, "text/plain", bomb());
      } else if (path.equals("/slow")) {
        drip(exchange);
      } else {
        send(
            exchange, 200, "text/plain; charset=utf-8", "hallo é".getBytes(StandardCharsets.UTF_8));
      }
    } finally {
      atOnce.decrementAndGet();
    }
  }

  private static void redirect(HttpExchange exchange, String to) throws IOException {
    exchange.getResponseHeaders().add("Location", to);
    exchange.sendResponseHeaders(302, -1);
  }

  private static void send(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().add("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  // 50 MB of zeros in 50 kB.
  private static byte[] bomb() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 50; i++) {
        gzip.write(zeros);
      }
    }
    return bytes.toByteArray();
  }

  // An endless slow body: every single read is quick, but not the whole. Ends only when the client
  // closes the connection.
  private void drip(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().add("Content-Type", "text/plain");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      CountDownLatch never = new CountDownLatch(1);
      while (!never.await(20, TimeUnit.MILLISECONDS)) {
        out.write('.');
        out.flush();
        slowBegun.countDown();
      }
    } catch (IOException e) {
      slowBroken.countDown();
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static UrlFetcher fetcher(boolean allowPrivate) {
    return new UrlFetcher(
        HostResolver.SYSTEM, new AddressGuard(), allowPrivate, LIMITS, ObservationRegistry.NOOP);
  }

  private UrlOutcome fetch(String url) throws IOException {
    return fetch(fetcher(true), url);
  }

  private static UrlOutcome fetch(UrlFetcher fetcher, String url) throws IOException {
    return fetcher.fetch(List.of(url), 1, 30, FetchWatch.NOBODY).getFirst();
  }

  private static @Nullable String code(UrlOutcome outcome) {
    FetchError error = outcome.error();
    return error == null ? null : error.code();
  }

  @Test
  void reportsEachUrlInItsOrderWhateverBecomesOfTheOthers() throws IOException {
    int closed;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = socket.getLocalPort();
    }

    ServerSocket noTls = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    var _ = threads.submit(() -> answerInPlainText(noTls));

    List<UrlOutcome> outcomes =
        fetcher(true)
            .fetch(
                List.of(
                    base + "/text",
                    base + "/missing",
                    "ftp://example.com/",
                    "http://user:secret@example.com/",
                    "http://no-such-host.invalid/",
                    "http://127.0.0.1:" + closed + "/",
                    "https://127.0.0.1:" + noTls.getLocalPort() + "/",
                    base + "/binary"),
                3,
                30,
                FetchWatch.NOBODY);

    assertThat(outcomes.stream().map(o -> String.valueOf(code(o))))
        .containsExactly(
            "null",
            "HTTP_STATUS",
            "INVALID_URL",
            "INVALID_URL",
            "UNKNOWN_HOST",
            "CONNECT_FAILED",
            "TLS_FAILED",
            "null");
    assertThat(outcomes.getFirst().body()).isEqualTo("hallo é");
    assertThat(outcomes.get(1).body()).isEqualTo("no such thing");
    assertThat(outcomes.get(1).status()).isEqualTo(404);
    assertThat(outcomes.get(7).body()).isNull();
    assertThat(outcomes.get(7).bytes()).isEqualTo(5_000);
    assertThat(outcomes.get(7).note()).contains("binary");
  }

  private static @Nullable Void answerInPlainText(ServerSocket server) throws IOException {
    try (server;
        var connection = server.accept()) {
      connection.getInputStream().read(new byte[1_000]);
      connection
          .getOutputStream()
          .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }
    return null;
  }

  @Test
  void keepsToTheNumberAtOnce() throws IOException {
    List<String> urls = java.util.Collections.nCopies(30, base + "/text");

    assertThat(fetcher(true).fetch(urls, 4, 30, FetchWatch.NOBODY)).allMatch(UrlOutcome::ok);
    assertThat(mostAtOnce.get()).isBetween(1, 4);
  }

  @Test
  void followsFiveRedirectsAndNoMore() throws IOException {
    UrlOutcome five = fetch(base + "/redirect/4");
    assertThat(five.ok()).isTrue();
    assertThat(five.finalUrl()).isEqualTo(base + "/text");
    assertThat(code(fetch(base + "/redirect/5"))).isEqualTo("TOO_MANY_REDIRECTS");
  }

  @Test
  void cutsALargeBodyBetweenCharacters() throws IOException {
    UrlOutcome outcome = fetch(base + "/large");

    assertThat(outcome.truncated()).isTrue();
    assertThat(outcome.bytes()).isEqualTo(MAX_BODY);
    assertThat(outcome.body()).isEqualTo("é".repeat(MAX_BODY / 2));
    assertThat(outcome.note()).contains("limit of " + MAX_BODY);
  }

  @Test
  void countsWhatComesOutOfADecompressor() throws IOException {
    UrlOutcome outcome = fetch(base + "/bomb");

    assertThat(outcome.truncated()).isTrue();
    assertThat(outcome.bytes()).isEqualTo(MAX_BODY);
  }

  @Test
  void boundsAllBodiesTogether() throws IOException {
    var fetcher =
        new UrlFetcher(
            HostResolver.SYSTEM,
            new AddressGuard(),
            true,
            new FetchLimits(MAX_BODY, 150_000),
            ObservationRegistry.NOOP);

    List<UrlOutcome> outcomes =
        fetcher.fetch(
            List.of(base + "/large", base + "/large", base + "/large"), 3, 30, FetchWatch.NOBODY);

    assertThat(outcomes.stream().mapToLong(o -> Objects.requireNonNull(o.bytes())).sum())
        .isLessThanOrEqualTo(150_000);
    assertThat(outcomes).allMatch(UrlOutcome::truncated);
  }

  @Test
  void aTimeOutBreaksABodyThatNeverEnds() throws Exception {
    UrlOutcome outcome =
        fetcher(true).fetch(List.of(base + "/slow"), 1, 1, FetchWatch.NOBODY).getFirst();

    assertThat(code(outcome)).isEqualTo("TIMEOUT");
    assertThat(slowBroken.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aStopBreaksEveryFetchAndKeepsWhatIsDone() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger atStop = new AtomicInteger();
    var watch =
        new FetchWatch() {
          @Override
          public boolean stopRequested() {
            return stop.get();
          }

          @Override
          public void finished(List<UrlOutcome> soFar, int total) {
            try {
              stop.set(slowBegun.await(30, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }

          @Override
          public void stopped(List<UrlOutcome> soFar, int total) {
            atStop.set(soFar.size());
          }
        };

    List<UrlOutcome> outcomes =
        fetcher(true).fetch(List.of(base + "/slow", base + "/text"), 2, 60, watch);

    assertThat(outcomes).singleElement().matches(UrlOutcome::ok);
    assertThat(atStop).hasValue(1);
    assertThat(slowBroken.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1",
        "http://localhost",
        "http://[::1]",
        "http://[::ffff:127.0.0.1]",
        "http://[::ffff:7f00:1]",
        "http://0.0.0.0",
        "http://2130706433",
        "http://0x7f000001",
        "http://0x7f.0.0.1",
        "http://0177.0.0.1",
        "http://127.1",
        "http://127.0.0.1.",
        "http://LOCALHOST."
      })
  void refusesEveryWayToWriteLoopback(String host) throws IOException {
    UrlOutcome outcome =
        fetch(fetcher(false), host + ":" + server.getAddress().getPort() + "/text");

    assertThat(outcome.ok()).isFalse();
    assertThat(requests).hasValue(0);
    // The error must not reveal that a name exists in this network.
    assertThat(code(outcome))
        .isEqualTo(
            host.toLowerCase(Locale.ROOT).contains("localhost")
                ? "UNKNOWN_HOST"
                : "ADDRESS_REFUSED");
  }

  @Test
  void aNameThatLeadsIntoTheOwnNetworkLooksAsOneThatDoesNotExist() throws IOException {
    HostResolver inside =
        host -> {
          if (host.equals("vault.internal")) {
            return new InetAddress[] {InetAddress.getByName("10.0.0.1")};
          }
          throw new UnknownHostException(host);
        };
    var fetcher =
        new UrlFetcher(inside, new AddressGuard(), false, LIMITS, ObservationRegistry.NOOP);

    var known = Objects.requireNonNull(fetch(fetcher, "http://vault.internal/").error());
    var unknown = Objects.requireNonNull(fetch(fetcher, "http://other.internal/").error());

    assertThat(known.message().replace("vault", "other")).isEqualTo(unknown.message());
    assertThat(known.code()).isEqualTo(unknown.code()).isEqualTo("UNKNOWN_HOST");
    assertThat(known.remediation()).isEqualTo(unknown.remediation());
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://example.com:99999/", "http://example.com:0/"})
  void aPortThatCannotBeIsAnErrorInTheArgument(String url) throws IOException {
    var error = Objects.requireNonNull(fetch(url).error());

    assertThat(error.code()).isEqualTo("INVALID_URL");
    assertThat(error.type()).isEqualTo("invalid_argument");
  }

  @Test
  void checksEachRedirectLikeTheFirstAddress() throws IOException {
    // The test resolves the first host to a public address, which the guard allows.
    InetAddress loopback = InetAddress.getLoopbackAddress();
    var guard = new AddressGuard();
    HostResolver lying =
        host -> {
          if (host.equals("public.example")) {
            return new InetAddress[] {loopback};
          }
          if (guard.refusal(InetAddress.getByName(host)).isPresent()) {
            throw new AddressRefusedException(host, "loopback");
          }
          throw new UnknownHostException(host);
        };
    var fetcher = new UrlFetcher(lying, guard, true, LIMITS, ObservationRegistry.NOOP);
    int port = server.getAddress().getPort();

    UrlOutcome outcome =
        fetch(fetcher, "http://public.example:" + port + "/elsewhere?" + base + "/text");

    assertThat(code(outcome)).isEqualTo("ADDRESS_REFUSED");
    assertThat(requests).hasValue(1);
  }

  @Test
  void refusesANameWithOneBadAddressAmongGoodOnes() throws IOException {
    HostResolver mixed =
        _ ->
            new InetAddress[] {InetAddress.getByName("8.8.8.8"), InetAddress.getByName("10.0.0.1")};

    assertThat(
            code(
                fetch(
                    new UrlFetcher(
                        mixed, new AddressGuard(), false, LIMITS, ObservationRegistry.NOOP),
                    "http://public.example/")))
        .isEqualTo("UNKNOWN_HOST");
  }

  @Test
  void asksForTheAddressesOfAHopOnceSoThatTheyCannotChangeAfterTheCheck() throws IOException {
    AtomicInteger asked = new AtomicInteger();
    HostResolver counting =
        _ -> {
          asked.incrementAndGet();
          return new InetAddress[] {InetAddress.getLoopbackAddress()};
        };
    var fetcher =
        new UrlFetcher(counting, new AddressGuard(), true, LIMITS, ObservationRegistry.NOOP);

    UrlOutcome outcome =
        fetch(fetcher, "http://rebinding.example:" + server.getAddress().getPort() + "/text");

    // It connected to the address of the single look-up: the system cannot resolve this name.
    assertThat(outcome.ok()).isTrue();
    assertThat(asked).hasValue(1);
  }
}
