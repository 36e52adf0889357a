package dev.longhaul.cli.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls as jobs over REST: from the submission until the result is read. */
final class QueuedCalls implements Caller, AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Set<String> ENDED = Set.of("completed", "failed", "cancelled", "dead");
  private static final int MOST_OF_A_MESSAGE = 200;

  /** The longest that one request waits for the end of its job. */
  private static final int WAIT_SECONDS = 30;

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(20))
          .build();
  private final String jobs;
  private final Credentials credentials;
  private final Duration timeout;
  private final boolean noCache;

  /**
   * @param jobs the address of the jobs, such as {@code http://localhost:8080/api/v1/jobs}
   */
  QueuedCalls(URI jobs, Credentials credentials, Duration timeout, boolean noCache) {
    this.jobs = jobs.toString();
    this.credentials = credentials;
    this.timeout = timeout;
    this.noCache = noCache;
  }

  @Override
  public void call(Target target, int number) {
    long start = System.nanoTime();
    String id = send(submission(target, number)).path("id").asString();
    String state = "";
    while (!ENDED.contains(state)) {
      if (System.nanoTime() - start > timeout.toNanos()) {
        throw new CallFailedException("the job has not ended within --timeout");
      }
      state = send(get("/" + id + "?wait_seconds=" + WAIT_SECONDS)).path("state").asString();
    }
    JsonNode result = send(get("/" + id + "/result"));
    if (!state.equals("completed")) {
      throw new CallFailedException("the job ended " + state + ": " + shortened(result));
    }
    if (result.path("isError").asBoolean(false)) {
      throw new CallFailedException(shortened(result.path("content").path(0).path("text")));
    }
  }

  @Override
  public void close() {
    http.close();
  }

  private HttpRequest submission(Target target, int number) {
    Map<String, Object> arguments = target.arguments(number);
    Map<String, Object> call =
        switch (target.kind()) {
          case TOOL -> Map.of("tool", target.name(), "arguments", arguments, "no_cache", noCache);
          case RESOURCE -> method("resources/read", Map.of("uri", target.name()));
          case PROMPT ->
              method("prompts/get", Map.of("name", target.name(), "arguments", arguments));
        };
    return request("")
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(JSON.writeValueAsString(call)))
        .build();
  }

  private Map<String, Object> method(String name, Map<String, Object> params) {
    return Map.of("method", name, "params", params, "no_cache", noCache);
  }

  private HttpRequest get(String path) {
    return request(path).GET().build();
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(jobs + path))
            .timeout(timeout.plusSeconds(WAIT_SECONDS))
            .header("Accept", "application/json");
    credentials.addTo(request);
    return request;
  }

  private JsonNode send(HttpRequest request) {
    HttpResponse<String> response;
    try {
      response = http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new CallFailedException(BenchServer.innermost(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CallFailedException("interrupted");
    }
    JsonNode body;
    try {
      body = JSON.readTree(response.body());
    } catch (JacksonException e) {
      throw new CallFailedException("HTTP " + response.statusCode() + " without JSON");
    }
    if (response.statusCode() >= 300) {
      throw new CallFailedException(
          "HTTP " + response.statusCode() + ": " + body.path("detail").asString(""));
    }
    return body;
  }

  private static String shortened(JsonNode node) {
    String text = node.isString() ? node.asString() : node.toString();
    return text.length() > MOST_OF_A_MESSAGE ? text.substring(0, MOST_OF_A_MESSAGE) + "…" : text;
  }
}
