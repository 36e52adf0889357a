package dev.longhaul.conformance;

import dev.longhaul.gateway.config.Connection;
import dev.longhaul.gateway.config.Connection.HttpKind;
import dev.longhaul.gateway.config.ToolRules;
import dev.longhaul.gateway.config.UpstreamConfig;
import dev.longhaul.gateway.config.UpstreamConfig.QuestionRule;
import dev.longhaul.gateway.config.UpstreamConfig.SessionScope;
import dev.longhaul.gateway.process.Children;
import dev.longhaul.gateway.rpc.HttpConnections;
import dev.longhaul.gateway.rpc.RequestHeaders;
import dev.longhaul.gateway.rpc.Wire;
import dev.longhaul.gateway.rpc.WireLimits;
import dev.longhaul.gateway.session.CallFeed;
import dev.longhaul.gateway.session.KnownEras;
import dev.longhaul.gateway.session.ProbingSessions;
import dev.longhaul.gateway.session.SessionLimits;
import dev.longhaul.gateway.session.SessionListener;
import dev.longhaul.gateway.session.UpstreamPeers;
import dev.longhaul.gateway.session.UpstreamSession;
import dev.longhaul.schema.MirroredParams;
import dev.longhaul.tool.Question;
import io.micrometer.observation.ObservationRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The client for the public conformance suite: a session with an upstream that uses all that the
 * upstream has. The suite starts it with the URL of its server.
 */
final class ConformanceClient {
  private static final String CALL = "tools/call";

  private final UpstreamSession session;

  private ConformanceClient(UpstreamSession session) {
    this.session = session;
  }

  /**
   * Runs one scenario.
   *
   * @param arguments the URL
   */
  public static void main(String[] arguments) throws InterruptedException {
    var config =
        new UpstreamConfig(
            "conformance",
            new Connection.Url(
                URI.create(arguments[arguments.length - 1]), HttpKind.DETECTED, Map.of()),
            ToolRules.ALL,
            false,
            SessionScope.CALLER,
            QuestionRule.CLIENT,
            1,
            false,
            Duration.ofSeconds(30));
    try (var children = new Children(null);
        var http = new HttpConnections(ObservationRegistry.NOOP)) {
      var peers =
          new UpstreamPeers(children, http, WireLimits.DEFAULT, (_, _, _) -> RequestHeaders.NONE);
      var sessions = new ProbingSessions(peers, KnownEras.inMemory(), "1", SessionLimits.DEFAULT);
      try (UpstreamSession session = sessions.open(config, SessionListener.NONE)) {
        new ConformanceClient(session).run(System.getenv("MCP_CONFORMANCE_CONTEXT"));
      }
    }
  }

  private void run(@Nullable String context) throws InterruptedException {
    List<ObjectNode> tools = session.list("tools/list");
    JsonNode calls = context == null ? null : Wire.JSON.readTree(context).get("toolCalls");
    if (calls != null) {
      for (JsonNode call : calls) {
        call(call.path("name").stringValue(""), call.path("arguments"));
      }
    } else {
      for (ObjectNode tool : tools) {
        if (isValid(tool)) {
          call(tool.path("name").stringValue(""), arguments(tools));
        }
      }
    }
    for (ObjectNode resource : session.list("resources/list")) {
      ObjectNode params = Wire.JSON.createObjectNode();
      params.set("uri", resource.path("uri"));
      var _ = session.call("resources/read", params, new Answering());
    }
    for (ObjectNode prompt : session.list("prompts/list")) {
      ObjectNode params = Wire.JSON.createObjectNode();
      params.set("name", prompt.path("name"));
      var _ = session.call("prompts/get", params, new Answering());
    }
  }

  private void call(String tool, JsonNode arguments) throws InterruptedException {
    ObjectNode params = Wire.JSON.createObjectNode().put("name", tool);
    params.set("arguments", arguments);
    try {
      System.out.println(tool + " -> " + session.call(CALL, params, new Answering()));
    } catch (RuntimeException e) {
      System.out.println(tool + " -> " + e);
    }
  }

  // The arguments that tools of some scenario want; the others do not mind them.
  private static ObjectNode arguments(List<ObjectNode> tools) {
    ObjectNode arguments =
        Wire.JSON.createObjectNode().put("a", 5).put("b", 3).put("region", "us-west1");
    for (ObjectNode tool : tools) {
      if (tool.path("name").stringValue("").equals("json_schema_2020_12_tool")) {
        arguments.set("schema", tool.path("inputSchema"));
      }
    }
    return arguments;
  }

  // The catalogue leaves such tools out.
  private static boolean isValid(ObjectNode tool) {
    try {
      var _ = MirroredParams.of(tool.path("inputSchema"));
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Accepts every question, with the defaults of its schema. */
  private static final class Answering implements CallFeed {
    @Override
    public ObjectNode capabilities() {
      ObjectNode capabilities = Wire.JSON.createObjectNode();
      capabilities.putObject("elicitation").putObject("form");
      return capabilities;
    }

    @Override
    public List<JsonNode> ask(List<Question> questions) {
      return questions.stream().map(Answering::answer).toList();
    }

    private static JsonNode answer(Question question) {
      ObjectNode answer = Wire.JSON.createObjectNode().put("action", "accept");
      ObjectNode content = answer.putObject("content");
      question
          .params()
          .path("requestedSchema")
          .path("properties")
          .properties()
          .forEach(property -> {
            JsonNode value = property.getValue().get("default");
            if (value != null) {
              content.set(property.getKey(), value);
            }
          });
      return answer;
    }
  }
}
