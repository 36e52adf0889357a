package dev.longhaul.testsupport;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.core.env.Environment;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An HTTP client of the Longhaul that {@link LonghaulTest} has started. It is injected as a bean.
 */
public final class LonghaulClient {
  private static final Duration WAIT = Duration.ofSeconds(60);
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Environment environment;
  private final Map<String, String> headers;

  LonghaulClient(Environment environment) {
    this(environment, Map.of());
  }

  private LonghaulClient(Environment environment, Map<String, String> headers) {
    this.environment = environment;
    this.headers = headers;
  }

  /** A client that sends a header, such as Authorization, with every request. */
  public LonghaulClient with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new LonghaulClient(environment, more);
  }

  /** The base URL of the application, without a slash at the end. */
  public String baseUrl() {
    return "http://127.0.0.1:"
        + environment.getRequiredProperty("local.server.port")
        + environment.getProperty("server.servlet.context-path", "");
  }

  /** The URL of the MCP endpoint. */
  public URI mcpUrl() {
    return URI.create(baseUrl() + environment.getProperty("longhaul.mcp.path", "/mcp"));
  }

  /**
   * Calls a tool as a job and waits for its end, for at most a minute.
   *
   * @throws AssertionError if the call was refused or has not ended by then
   */
  public CalledJob call(String tool, Map<String, ?> arguments) {
    return call(tool, arguments, WAIT);
  }

  /**
   * Calls a tool as a job and waits for its end.
   *
   * @throws AssertionError if the call was refused or has not ended by then
   */
  public CalledJob call(String tool, Map<String, ?> arguments, Duration wait) {
    return await(submit(tool, arguments), wait);
  }

  /**
   * Submits a call of a tool as a job, without waiting for its end.
   *
   * @return the job's id
   * @throws AssertionError if it was refused; the message has the response
   */
  public String submit(String tool, Map<String, ?> arguments) {
    return submit(tool, arguments, Map.of());
  }

  /**
   * Submits a call with options.
   *
   * @param options fields of {@code POST /api/v1/jobs}, such as {@code delay_seconds}
   */
  public String submit(String tool, Map<String, ?> arguments, Map<String, ?> options) {
    Map<String, Object> body = new LinkedHashMap<>(options);
    body.put("method", "tools/call");
    body.put("params", Map.of("name", tool, "arguments", arguments));
    HttpResponse<String> answer = post("/api/v1/jobs", body);
    if (answer.statusCode() != 202) {
      throw new AssertionError(
          "The call of " + tool + " was refused: " + answer.statusCode() + " " + answer.body());
    }
    return read(answer).path("id").asString();
  }

  /** Reads the current state of a job. */
  public JsonNode job(String id) {
    return found(get("/api/v1/jobs/" + id), id);
  }

  /**
   * Waits for a job's end.
   *
   * @throws AssertionError if the job is unknown or has not ended by then
   */
  public CalledJob await(String id, Duration wait) {
    long end = System.nanoTime() + wait.toNanos();
    JsonNode job = job(id);
    while (job.path("finished_at").isNull()) {
      long left = Duration.ofNanos(end - System.nanoTime()).toSeconds();
      if (end - System.nanoTime() <= 0) {
        throw new AssertionError("Job " + id + " has not ended after " + wait + ": " + job);
      }
      job = found(get("/api/v1/jobs/" + id + "?wait_seconds=" + Math.clamp(left, 1, 60)), id);
    }
    return new CalledJob(job, read(get("/api/v1/jobs/" + id + "/result")), JSON);
  }

  private static JsonNode found(HttpResponse<String> answer, String id) {
    if (answer.statusCode() != 200) {
      throw new AssertionError(
          "Job " + id + " cannot be read: " + answer.statusCode() + " " + answer.body());
    }
    return read(answer);
  }

  /** Sends any other request. The path begins with a slash. */
  public HttpResponse<String> get(String path) {
    return send(request(path).GET());
  }

  /**
   * Sends any other request with a body.
   *
   * @param body any object that Jackson can write
   */
  public HttpResponse<String> post(String path, Object body) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(JSON.writeValueAsString(body))));
  }

  private HttpRequest.Builder request(String path) {
    var request =
        HttpRequest.newBuilder(URI.create(baseUrl() + path)).timeout(Duration.ofMinutes(6));
    headers.forEach(request::setHeader);
    return request;
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return HTTP.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError("Longhaul does not answer: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while Longhaul was asked", e);
    }
  }

  private static JsonNode read(HttpResponse<String> answer) {
    return JSON.readTree(answer.body());
  }
}
