package dev.longhaul.security.apikey;

import dev.longhaul.LonghaulApplication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One process of the whole application, called over HTTP. */
final class Server implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final ConfigurableApplicationContext context;
  private final int port;

  private Server(ConfigurableApplicationContext context) {
    this.context = context;
    this.port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
  }

  static Server start(String redis, String namespace, String... settings) {
    return start(Clock.systemUTC(), redis, namespace, settings);
  }

  /** Starts one whose clock is the test's. */
  static Server start(Clock clock, String redis, String namespace, String... settings) {
    List<String> arguments = new ArrayList<>(Arrays.asList(settings));
    arguments.add("--server.port=0");
    arguments.add("--spring.data.redis.url=" + redis);
    arguments.add("--longhaul.standalone=true");
    arguments.add("--longhaul.namespace=" + namespace);
    return new Server(
        new SpringApplicationBuilder(LonghaulApplication.class)
            .initializers((GenericApplicationContext context) ->
                context.registerBean(Clock.class, () -> clock))
            .run(arguments.toArray(String[]::new)));
  }

  <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  /** A response with its body as JSON. */
  record Answer(HttpResponse<String> response) {
    int status() {
      return response.statusCode();
    }

    JsonNode json() {
      return JSON.readTree(response.body());
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    String type() {
      return json().path("type").asString().replace("urn:longhaul:problem:", "");
    }
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  /**
   * Sends a request.
   *
   * @param request method and path
   * @param headers names and values
   */
  Answer send(String request, String body, String... headers) {
    try {
      return new Answer(HTTP.send(built(request, body, headers), BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Sends a request with a key. */
  Answer with(String key, String request, String body) {
    return send(request, body, "X-API-Key", key);
  }

  /** Opens a response that is read line by line. */
  CompletableFuture<HttpResponse<Stream<String>>> open(
      String key, String request, String body, String... headers) {
    List<String> all = new ArrayList<>(Arrays.asList(headers));
    all.addAll(List.of("X-API-Key", key));
    return HTTP.sendAsync(built(request, body, all.toArray(String[]::new)), BodyHandlers.ofLines());
  }

  private HttpRequest built(String request, String body, String... headers) {
    String[] parts = request.split(" ", 2);
    var builder =
        HttpRequest.newBuilder(uri(parts[1]))
            .header("Accept", "application/json, text/event-stream, */*");
    if (Arrays.stream(headers).noneMatch("Content-Type"::equals) && !body.isEmpty()) {
      builder.header("Content-Type", "application/json");
    }
    for (int i = 0; i < headers.length; i += 2) {
      builder.header(headers[i], headers[i + 1]);
    }
    builder.method(
        parts[0], body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    return builder.build();
  }

  @Override
  public void close() {
    context.close();
  }
}
