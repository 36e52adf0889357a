package dev.longhaul.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;

/** An HTTP server that receives webhooks. */
public final class WebhookReceiver implements AutoCloseable {
  private final HttpServer server;
  private final Map<String, Queue<Received>> received = new ConcurrentHashMap<>();
  private final Map<String, Queue<Reply>> replies = new ConcurrentHashMap<>();

  /** One request. */
  public record Received(String id, String timestamp, String signature, String type, String raw) {
    public JsonNode body() {
      return Tools.JSON.readTree(raw);
    }

    /** The signature that a secret gives, computed independently of the code under test. */
    public String expected(String secret) {
      try {
        Mac mac = Mac.getInstance("HmacSHA256");
        byte[] key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        String signed = id + "." + timestamp + "." + raw;
        return "v1,"
            + Base64.getEncoder()
                .encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** A response. */
  public record Reply(int status, Map<String, String> headers) {
    public static Reply of(int status) {
      return new Reply(status, Map.of());
    }
  }

  public WebhookReceiver() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::answer);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /** The URL of a path of this server. */
  public String url(String path) {
    return "http://127.0.0.1:" + port() + path;
  }

  /** Sets the responses on a path, in order; later ones are 204. */
  public WebhookReceiver answering(String path, Reply... its) {
    replies.put(path, new ArrayDeque<>(List.of(its)));
    return this;
  }

  /** The requests on a path so far. */
  public List<Received> on(String path) {
    return List.copyOf(received.getOrDefault(path, new ConcurrentLinkedQueue<>()));
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      var headers = exchange.getRequestHeaders();
      var one =
          new Received(
              String.valueOf(headers.getFirst("webhook-id")),
              String.valueOf(headers.getFirst("webhook-timestamp")),
              String.valueOf(headers.getFirst("webhook-signature")),
              exchange.getRequestMethod() + " " + headers.getFirst("Content-Type"),
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      Reply reply;
      Queue<Reply> next = replies.getOrDefault(path, new ArrayDeque<>());
      synchronized (next) {
        reply = next.isEmpty() ? Reply.of(204) : next.remove();
      }
      reply.headers().forEach(exchange.getResponseHeaders()::set);
      received.computeIfAbsent(path, _ -> new ConcurrentLinkedQueue<>()).add(one);
      exchange.sendResponseHeaders(reply.status(), -1);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
