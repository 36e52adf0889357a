package dev.longhaul.gateway.auth.login;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Waits on the loopback interface for the browser that the authorization server sends back (RFC
 * 8252, section 7.3). One answer with the right state is taken; others are refused and change
 * nothing.
 */
final class Redirect implements AutoCloseable {
  private static final String PATH = "/callback";
  private static final int LONGEST_QUERY = 16_384;

  private final HttpServer server;
  private final String state;
  private final CompletableFuture<Map<String, String>> answer = new CompletableFuture<>();

  /**
   * @param port where to wait; 0 for a free port
   * @param state what the answer must repeat
   * @throws LoginFailedException if the port cannot be used
   */
  Redirect(String upstream, int port, String state) throws LoginFailedException {
    this.state = state;
    try {
      this.server =
          HttpServer.create(
              new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), 0);
    } catch (IOException e) {
      throw new LoginFailedException(
          "The port "
              + port
              + " for the answer of the browser cannot be used ("
              + e.getMessage()
              + "). Set longhaul.upstreams."
              + upstream
              + ".auth.redirect-port to a free one, or leave it out.",
          e);
    }
    server.createContext("/", this::serve);
    server.start();
  }

  /** The address to which the browser is sent back. */
  String uri() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + PATH;
  }

  /**
   * Waits for the answer.
   *
   * @return its parameters
   * @throws LoginFailedException if there is none in time
   */
  Map<String, String> await(Duration limit) throws LoginFailedException, InterruptedException {
    try {
      return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new LoginFailedException(
          "Nobody has logged in within "
              + limit.toSeconds()
              + " s. Run the command again; --wait gives more time.",
          e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private void serve(HttpExchange exchange) throws IOException {
    String query = exchange.getRequestURI().getRawQuery();
    if (!exchange.getRequestMethod().equals("GET")
        || !exchange.getRequestURI().getPath().equals(PATH)) {
      say(exchange, 404, "There is nothing here.");
      return;
    }
    Map<String, String> parameters = parameters(query == null ? "" : query);
    if (!isOurs(parameters.getOrDefault("state", ""))) {
      say(exchange, 400, "This is not the answer to the login that is waited for (wrong state).");
      return;
    }
    if (answer.isDone()) {
      say(exchange, 400, "This login has had its answer already.");
      return;
    }
    say(exchange, 200, "Longhaul has the answer. You can close this window; see the terminal.");
    answer.complete(parameters);
  }

  private boolean isOurs(String given) {
    return MessageDigest.isEqual(
        state.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
  }

  private static Map<String, String> parameters(String query) {
    Map<String, String> found = new HashMap<>();
    if (query.length() <= LONGEST_QUERY) {
      for (String each : query.split("&", -1)) {
        int equals = each.indexOf('=');
        try {
          found.putIfAbsent(
              decoded(equals < 0 ? each : each.substring(0, equals)),
              equals < 0 ? "" : decoded(each.substring(equals + 1)));
        } catch (IllegalArgumentException e) {
          return Map.of(); // without a state it is refused
        }
      }
    }
    return found;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static void say(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = (text + "\n").getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.getResponseHeaders().set("Referrer-Policy", "no-referrer");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  /** Ends it, once the page that is being sent is out. */
  @Override
  public void close() {
    server.stop(1);
  }
}
