package dev.longhaul.gateway.session;

import com.fasterxml.jackson.annotation.JsonCreator;
import dev.longhaul.gateway.session.UpstreamSession.Era;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A test upstream on standard input and output, as a process of its own. */
final class StdioUpstream {
  private static final PrintStream OUT = System.out;

  private final TestUpstream upstream;
  private final Map<String, CompletableFuture<ObjectNode>> questions = new ConcurrentHashMap<>();
  private final Map<String, Thread> running = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();

  private StdioUpstream(Era era) {
    this.upstream = new TestUpstream(era);
  }

  /** The command that starts it. */
  static List<String> command(Era era) {
    // The class path of this JVM may name a launcher only.
    String places =
        Stream.of(
                StdioUpstream.class,
                Era.class,
                Nullable.class,
                ObjectMapper.class,
                StreamReadConstraints.class,
                JsonCreator.class)
            .map(needed ->
                Path.of(
                    URI.create(
                        needed.getProtectionDomain().getCodeSource().getLocation().toString())))
            .map(Path::toString)
            .distinct()
            .collect(Collectors.joining(File.pathSeparator));
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-Xshare:auto",
        "-Xmx64m",
        "-cp",
        places,
        StdioUpstream.class.getName(),
        era.name());
  }

  /**
   * Runs until the input ends.
   *
   * @param arguments the era
   */
  public static void main(String[] arguments) throws IOException {
    new StdioUpstream(Era.valueOf(arguments[0])).read();
    // Requests that still run do not keep the process.
    Runtime.getRuntime().halt(0);
  }

  private void read() throws IOException {
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      ObjectNode message = (ObjectNode) TestUpstream.JSON.readTree(line);
      String method = message.path("method").asString("");
      ObjectNode params =
          message.get("params") instanceof ObjectNode given ? given : TestUpstream.object();
      if (method.isEmpty()) {
        answered(message);
      } else if (!message.has("id")) {
        notified(method, params);
      } else {
        Thread.ofVirtual().start(() -> respond(message.path("id"), method, params));
      }
    }
  }

  private void answered(ObjectNode message) {
    var question = questions.remove(message.path("id").asString(""));
    if (question == null) {
      return;
    }
    if (message.get("result") instanceof ObjectNode result) {
      question.complete(result);
    } else {
      JsonNode error = message.path("error");
      question.completeExceptionally(
          new TestUpstream.Refusal(
              200, error.path("code").asInt(0), error.path("message").asString(""), null));
    }
  }

  private void notified(String method, ObjectNode params) {
    if (method.equals("notifications/cancelled")) {
      Thread thread = running.get(params.path("requestId").toString());
      if (thread != null) {
        thread.interrupt();
      }
    } else if (method.equals("notifications/initialized")) {
      upstream.listeners.put("stdio", new Output(JsonNodeFactory.instance.numberNode(0)));
      upstream.listened.release();
    }
  }

  private void respond(JsonNode id, String method, ObjectNode params) {
    ObjectNode response = TestUpstream.object().put("jsonrpc", "2.0");
    response.set("id", id);
    running.put(id.toString(), Thread.currentThread());
    try {
      response.set("result", upstream.answer(method, params, new Output(id)));
    } catch (TestUpstream.Refusal e) {
      ObjectNode error = response.putObject("error");
      error.put("code", e.code).put("message", e.getMessage());
      if (e.data != null) {
        error.set("data", e.data);
      }
    } catch (InterruptedException e) {
      return;
    } finally {
      running.remove(id.toString());
    }
    write(response);
  }

  private static synchronized void write(ObjectNode message) {
    OUT.println(message);
    OUT.flush();
  }

  /** What goes out for one request. */
  private final class Output implements TestUpstream.Client {
    private final JsonNode id;

    Output(JsonNode id) {
      this.id = id;
    }

    @Override
    public void send(String method, ObjectNode params) {
      ObjectNode message = TestUpstream.object().put("jsonrpc", "2.0").put("method", method);
      write(message.set("params", params));
    }

    @Override
    public ObjectNode ask(String method, ObjectNode params) throws InterruptedException {
      String question = "q" + ids.incrementAndGet();
      var answer = new CompletableFuture<ObjectNode>();
      questions.put(question, answer);
      ObjectNode message =
          TestUpstream.object().put("jsonrpc", "2.0").put("id", question).put("method", method);
      write(message.set("params", params));
      try {
        return answer.get();
      } catch (ExecutionException e) {
        throw e.getCause() instanceof TestUpstream.Refusal refusal
            ? refusal
            : new IllegalStateException(e);
      }
    }

    @Override
    public JsonNode id() {
      return id;
    }
  }
}
