package dev.longhaul.rest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An HTTP client that checks every response against the OpenAPI document. */
final class RestClient {
  /** Cached: the document is the same in all tests, except for routes that a setting disables. */
  private static final AtomicReference<ApiDocument> DOCUMENT = new AtomicReference<>();

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI base;

  RestClient(int port) {
    this.base = URI.create("http://localhost:" + port);
  }

  /** A response with its body as JSON; an empty body is a missing node. */
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

  /** One server-sent event. */
  record Event(String name, JsonNode data) {}

  Answer get(String path) {
    return send(request(path).GET());
  }

  Answer delete(String path) {
    return send(request(path).DELETE());
  }

  Answer post(String path, String body) {
    Answer answer =
        send(
            request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    if (answer.status() < 300 && answer.response().uri().getPath().startsWith("/api/v1/")) {
      document().checkTaken(answer.response(), body);
    }
    return answer;
  }

  /** Submits a call and returns the job's id. */
  String submit(String tool, String arguments) {
    Answer answer = post("/api/v1/jobs", call(tool, arguments));
    if (answer.status() != 202) {
      throw new AssertionError(answer.response().body());
    }
    return answer.json().path("id").asString();
  }

  static String call(String tool, String arguments) {
    return "{\"method\":\"tools/call\",\"params\":{\"name\":\"%s\",\"arguments\":%s}}"
        .formatted(tool, arguments);
  }

  /** Reads a stream of events until the server ends it. */
  List<Event> events(String path, Consumer<Event> seen) throws IOException, InterruptedException {
    var response = http.send(request(path).build(), BodyHandlers.ofInputStream());
    List<Event> events = new ArrayList<>();
    try (var reader =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      String name = "";
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.startsWith("event: ")) {
          name = line.substring("event: ".length());
        } else if (line.startsWith("data: ")) {
          Event event = new Event(name, JSON.readTree(line.substring("data: ".length())));
          if (name.equals("end")) {
            document()
                .conforms(
                    "#/components/schemas/"
                        + (path.contains("/jobs/")
                            ? "Job"
                            : path.contains("/batches/") ? "Batch" : "Chain"),
                    event.data().toString(),
                    line);
          }
          events.add(event);
          seen.accept(event);
        }
      }
    }
    return events;
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path));
  }

  Answer send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
      if (answer.uri().getPath().startsWith("/api/v1/")) {
        (isUnknownRoute(answer) ? documentOfThisServer() : document()).check(answer);
      }
      return new Answer(answer);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The OpenAPI document. */
  ApiDocument document() {
    ApiDocument known = DOCUMENT.get();
    if (known == null) {
      known = documentOfThisServer();
      DOCUMENT.set(known);
    }
    return known;
  }

  private ApiDocument documentOfThisServer() {
    return new ApiDocument(get("/v3/api-docs").response().body());
  }

  private static boolean isUnknownRoute(HttpResponse<String> answer) {
    return answer.statusCode() == 404 && answer.body().contains("problem:unknown-route");
  }
}
