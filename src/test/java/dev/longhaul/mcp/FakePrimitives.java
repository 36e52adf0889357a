package dev.longhaul.mcp;

import dev.longhaul.catalog.Completion;
import dev.longhaul.catalog.PrimitiveCall;
import dev.longhaul.catalog.Prompt;
import dev.longhaul.catalog.RegisteredPrimitives;
import dev.longhaul.catalog.Resource;
import dev.longhaul.catalog.ResourceTemplate;
import dev.longhaul.catalog.UriTemplate;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.tool.Question;
import dev.longhaul.tool.ResourceNotFoundException;
import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.databind.node.ObjectNode;

/** Resources, prompts and completions, each for one behaviour. */
final class FakePrimitives {
  static final String BLOB = "aGVsbG8=";

  private FakePrimitives() {}

  static RegisteredPrimitives registered() {
    var registered = new RegisteredPrimitives();
    registered.register(resource("test://text", call -> text(uri(call), "a text")));
    registered.register(resource("test://blob", call -> blob(uri(call), BLOB)));
    registered.register(resource("test://no-base64", call -> blob(uri(call), "not base64!")));
    registered.register(resource("test://empty", _ -> Json.object("{\"contents\":[]}")));
    registered.register(
        resource(
            "test://broken",
            _ -> {
              throw new IllegalStateException("the disk is full");
            }));
    registered.register(
        resource(
            "test://progress",
            call -> {
              call.context().progress(0.5, "half");
              return text(uri(call), "done");
            }));
    registered.register(resource("test://asking", call -> text(uri(call), "for " + ask(call))));
    registered.register(
        new ResourceTemplate(
            Json.object(
                "{\"uriTemplate\":\"test://row/{id}\",\"name\":\"row\","
                    + "\"mimeType\":\"text/plain\"}"),
            UriTemplate.of("test://row/{id}"),
            call -> {
              if (uri(call).endsWith("/404")) {
                throw new ResourceNotFoundException("There is no row 404.");
              }
              return text(uri(call), "row");
            }));
    registered.register(prompt("{\"name\":\"plain\",\"description\":\"Plain\"}"));
    registered.register(
        prompt(
            "{\"name\":\"greeting\",\"description\":\"Greets\",\"arguments\":["
                + "{\"name\":\"who\",\"required\":true},{\"name\":\"how\",\"required\":false}]}"));
    for (String name : new String[] {"third", "fourth"}) {
      registered.register(prompt("{\"name\":\"" + name + "\"}"));
    }
    registered.register(
        new Prompt(
            Json.object("{\"name\":\"asking\"}"),
            call -> {
              ObjectNode result = Json.object("{}");
              ObjectNode message = result.putArray("messages").addObject().put("role", "user");
              message.putObject("content").put("type", "text").put("text", "for " + ask(call));
              return result;
            }));
    registered.register(
        new Completion(
            new Completion.Reference(Completion.Kind.PROMPT, "asking"),
            call -> Json.object("{}").put("never", ask(call))));
    registered.register(
        new Completion(
            new Completion.Reference(Completion.Kind.PROMPT, "greeting"),
            call -> {
              ObjectNode result = Json.object("{}");
              var values = result.putObject("completion").putArray("values");
              String begin = call.params().path("argument").path("value").asString();
              IntStream.range(0, 150).forEach(n -> values.add(begin + n));
              return result;
            }));
    return registered;
  }

  private static Resource resource(String uri, dev.longhaul.catalog.PrimitiveHandler handler) {
    return new Resource(Json.object("{}").put("uri", uri).put("name", uri), handler);
  }

  private static Prompt prompt(String description) {
    return new Prompt(
        Json.object(description),
        call -> {
          ObjectNode result = Json.object("{}");
          ObjectNode message = result.putArray("messages").addObject().put("role", "user");
          message
              .putObject("content")
              .put("type", "text")
              .put("text", "Hello " + call.params().path("arguments").path("who").asString("you"));
          return result;
        });
  }

  private static String ask(PrimitiveCall call) {
    ObjectNode form = Json.object("{\"mode\":\"form\",\"message\":\"For whom?\"}");
    form.set(
        "requestedSchema",
        Json.tree(
            "{\"type\":\"object\",\"properties\":{\"who\":{\"type\":\"string\"}},"
                + "\"required\":[\"who\"]}"));
    var answer =
        call.context().ask(List.of(new Question("who", "elicitation/create", form))).getFirst();
    return answer.path("content").path("who").asString();
  }

  private static String uri(PrimitiveCall call) {
    return call.params().path("uri").asString();
  }

  private static ObjectNode text(String uri, String text) {
    ObjectNode result = Json.object("{}");
    result.putArray("contents").addObject().put("uri", uri).put("text", text);
    return result;
  }

  private static ObjectNode blob(String uri, String blob) {
    ObjectNode result = Json.object("{}");
    result.putArray("contents").addObject().put("uri", uri).put("blob", blob);
    return result;
  }
}
