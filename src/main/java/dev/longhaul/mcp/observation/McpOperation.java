package dev.longhaul.mcp.observation;

import io.micrometer.common.KeyValues;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request or notification of a client, named by OpenTelemetry's semantic conventions for MCP:
 * docs/gen-ai/mcp.md of <a href="https://github.com/open-telemetry/semantic-conventions-genai">
 * open-telemetry/semantic-conventions-genai</a> at 0393513c908bf895e7b3ec480a2c1eb073c584af
 * (development status).
 *
 * <p>The trace context in its {@code _meta} is the parent of its span, else that of its HTTP
 * request.
 */
public final class McpOperation extends ReceiverContext<Map<String, String>> {
  /** The name of the observation and of its metric. */
  public static final String NAME = "mcp.server.operation.duration";

  /** {@link #errorType} of a result with {@code isError: true}. */
  static final String TOOL_ERROR = "tool_error";

  private final String method;
  private final @Nullable String tool;
  private final @Nullable String prompt;
  private final String version;
  private final Details details;
  private final long began = System.nanoTime();
  private @Nullable String errorType;
  private @Nullable String statusCode;

  /**
   * What is in spans only.
   *
   * @param requestId the request's id as text; null for a notification
   * @param session the id of its session, or null
   * @param resource the URI that it names, or null
   */
  record Details(@Nullable String requestId, @Nullable String session, @Nullable String resource) {
    private static final int LONGEST = 256;

    Details {
      requestId = cut(requestId);
      resource = cut(resource);
    }

    private static @Nullable String cut(@Nullable String text) {
      return text == null || text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }
  }

  McpOperation(
      String method,
      @Nullable String tool,
      @Nullable String prompt,
      String version,
      Details details,
      Map<String, String> trace) {
    super(Map::get, Kind.SERVER);
    this.method = method;
    this.tool = tool;
    this.prompt = prompt;
    this.version = version;
    this.details = details;
    setCarrier(trace);
    setName(NAME);
    String target = tool != null ? tool : prompt;
    setContextualName(target == null ? method : method + " " + target);
  }

  /** The response is a JSON-RPC error. */
  void failed(int code) {
    errorType = Integer.toString(code);
    statusCode = errorType;
  }

  /** The response is a result with {@code isError: true}. */
  void toolFailed() {
    errorType = TOOL_ERROR;
  }

  /** The method; {@code _OTHER} if MCP has none of that name. */
  public String method() {
    return method;
  }

  /** The tool that it calls, if it is in the catalogue. */
  public @Nullable String tool() {
    return tool;
  }

  /** The prompt that it gets, if it is in the catalogue. */
  public @Nullable String prompt() {
    return prompt;
  }

  /** The revision of MCP. */
  public String version() {
    return version;
  }

  /** The JSON-RPC code of the error, {@code tool_error}, or null if it did not fail. */
  public @Nullable String errorType() {
    return errorType;
  }

  /** The JSON-RPC code of the error, or null. */
  public @Nullable String statusCode() {
    return statusCode;
  }

  /** How long it has taken so far, in nanoseconds. */
  public long nanos() {
    return System.nanoTime() - began;
  }

  /** Attributes of its span with few values; those that are absent have no value. */
  KeyValues lowCardinality() {
    KeyValues attributes =
        KeyValues.of(
            "mcp.method.name",
            method,
            "mcp.protocol.version",
            version,
            "network.protocol.name",
            "http",
            "network.transport",
            "tcp");
    if (tool != null) {
      attributes =
          attributes.and("gen_ai.operation.name", "execute_tool", "gen_ai.tool.name", tool);
    }
    attributes = with(attributes, "gen_ai.prompt.name", prompt);
    attributes = with(attributes, "error.type", errorType);
    return with(attributes, "rpc.response.status_code", statusCode);
  }

  /** Attributes of its span with any number of values. */
  KeyValues highCardinality() {
    KeyValues attributes = with(KeyValues.empty(), "jsonrpc.request.id", details.requestId());
    attributes = with(attributes, "mcp.session.id", details.session());
    return with(attributes, "mcp.resource.uri", details.resource());
  }

  private static KeyValues with(KeyValues attributes, String key, @Nullable String value) {
    return value == null ? attributes : attributes.and(key, value);
  }
}
