package dev.longhaul.tool;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The client of a call as it declared itself. It is stored with the job.
 *
 * @param revision the protocol revision of its request, or an empty string without MCP
 * @param capabilities the declared client capabilities: on 2026-07-28 those of this request
 * @param name its name, else the product in its User-Agent on 2026-07-28, or null
 * @param version its version, or null
 * @param logLevel the least severe level of the tool's log messages that it wants; null for none
 * @param trace valid {@code traceparent}, {@code tracestate} and {@code baggage} of its request
 *     (W3C Trace Context; basic/index, {@code _meta})
 */
public record Client(
    String revision,
    ObjectNode capabilities,
    @Nullable String name,
    @Nullable String version,
    @Nullable String logLevel,
    Map<String, String> trace) {
  /** A client without capabilities and logs, such as a caller of the REST API. */
  public static final Client NONE =
      new Client("", JsonNodeFactory.instance.objectNode(), null, null, null, Map.of());

  public Client {
    trace = Map.copyOf(trace);
  }

  /**
   * The same client, with the trace context of its HTTP request if its message has none in {@code
   * _meta}, which has precedence (SEP-414).
   */
  public Client traced(Map<String, String> ofRequest) {
    return !trace.isEmpty() || ofRequest.isEmpty()
        ? this
        : new Client(revision, capabilities, name, version, logLevel, ofRequest);
  }

  /** The same client with another trace context. */
  public Client withTrace(Map<String, String> other) {
    return new Client(revision, capabilities, name, version, logLevel, other);
  }

  /**
   * The capability that the client lacks for this question; null if it can be asked.
   *
   * @return an object such as {@code {"sampling":{}}}, for {@code data.requiredCapabilities}
   */
  public @Nullable ObjectNode missingFor(Question question) {
    return switch (question.method()) {
      case Question.ELICITATION -> missingElicitation(question.params());
      case Question.SAMPLING -> missingSampling(question.params());
      default -> capabilities.has("roots") ? null : required("roots", null);
    };
  }

  // client/elicitation: an empty capability means form mode only; URL mode is named.
  private @Nullable ObjectNode missingElicitation(ObjectNode params) {
    JsonNode declared = capabilities.path("elicitation");
    String mode = params.path("mode").asString("form");
    if (mode.equals("url")) {
      return declared.has("url") ? null : required("elicitation", "url");
    }
    boolean form = declared.isObject() && (declared.isEmpty() || declared.has("form"));
    return form ? null : required("elicitation", declared.isObject() ? "form" : null);
  }

  private @Nullable ObjectNode missingSampling(ObjectNode params) {
    JsonNode declared = capabilities.path("sampling");
    if (!declared.isObject()) {
      return required("sampling", null);
    }
    boolean usesTools = params.has("tools") || params.has("toolChoice");
    return usesTools && !declared.has("tools") ? required("sampling", "tools") : null;
  }

  private static ObjectNode required(String capability, @Nullable String part) {
    ObjectNode required = JsonNodeFactory.instance.objectNode();
    ObjectNode inner = required.putObject(capability);
    if (part != null) {
      inner.putObject(part);
    }
    return required;
  }
}
