package dev.longhaul.mcp.wire;

import dev.longhaul.schema.JsonNumbers;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Parses a body into JSON and JSON into messages, and refuses what is neither. */
public final class MessageReader {
  /** How deeply a message may be nested; deeper ones are refused while parsing. */
  public static final int MAX_DEPTH = 200;

  /**
   * The longest id in characters, limited because ids are stored and repeated in every related
   * message.
   */
  public static final int LONGEST_ID = 1_000;

  private final JsonMapper json;

  public MessageReader() {
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    // The whole body is limited by longhaul.mcp.max-request-size.
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();
    this.json =
        JsonNumbers.in(JsonMapper.builder(factory))
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            // With duplicate names a header could match one value while the tool gets the other.
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();
  }

  /**
   * Parses a body.
   *
   * @throws RpcException 400, {@link ErrorCode#PARSE_ERROR}
   */
  public JsonNode parse(byte[] body) {
    try {
      // Decoded strictly before parsing: a parser that replaces invalid UTF-8 would change
      // arguments.
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(body))
              .toString();
      JsonNode node = json.readTree(text);
      if (node == null || node.isMissingNode()) {
        throw parseError("The body is empty; send one JSON-RPC message.");
      }
      return node;
    } catch (CharacterCodingException e) {
      throw parseError("The body is not valid UTF-8.");
    } catch (JacksonException e) {
      throw parseError("The body is not valid JSON: " + e.getOriginalMessage());
    } catch (NumberFormatException e) { // Jackson's own, of an exponent that is no int
      throw parseError("The exponent of a number is too large.");
    }
  }

  /**
   * Reads one message.
   *
   * @throws RpcException 400, {@link ErrorCode#INVALID_REQUEST}
   */
  public static Message read(JsonNode node) {
    if (!(node instanceof ObjectNode body)) {
      throw invalid("A JSON-RPC message is an object.");
    }
    if (!"2.0".equals(body.path("jsonrpc").stringValue(null))) {
      throw invalid("The field jsonrpc must be \"2.0\".");
    }
    JsonNode id = body.get("id");
    if (id != null && !isId(id)) {
      throw invalid(
          "The field id must be an integer, or a string of at most " + LONGEST_ID + " characters.");
    }
    JsonNode method = body.get("method");
    if (method == null) {
      if (id != null && (body.has("result") != body.has("error"))) {
        return new Message.Response(id, body);
      }
      throw invalid("The field method is missing.");
    }
    if (!method.isString()) {
      throw invalid("The field method must be a string.");
    }
    JsonNode params = body.get("params");
    if (params != null && !params.isObject()) {
      throw invalid("The field params must be an object.");
    }
    ObjectNode object = params instanceof ObjectNode given ? given : Replies.object();
    return id == null
        ? new Message.Notification(method.asString(), object)
        : new Message.Request(id, method.asString(), object);
  }

  /** The id of JSON that may not be a valid message, or null if it has none. */
  public static @Nullable JsonNode idOf(JsonNode node) {
    JsonNode id = node.get("id");
    return id != null && isId(id) ? id : null;
  }

  private static boolean isId(JsonNode id) {
    return id.isIntegralNumber() || (id.isString() && id.asString().length() <= LONGEST_ID);
  }

  private static RpcException parseError(String message) {
    return new RpcException(400, ErrorCode.PARSE_ERROR, message);
  }

  private static RpcException invalid(String message) {
    return new RpcException(400, ErrorCode.INVALID_REQUEST, message);
  }
}
