package dev.longhaul.relay;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What the relay has to know of a JSON-RPC message. The message itself is passed on as it came.
 *
 * @param bytes the message as it came
 * @param kind what it is
 * @param id its id as JSON text, so that 1 and "1" differ; null if it has none
 * @param method empty if it has none
 * @param content its params, result or error, whichever was to be read: objects as maps, arrays as
 *     lists, strings as strings, all other values as {@link Literal}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Message(
    byte[] bytes, Kind kind, @Nullable String id, String method, Map<String, Object> content) {
  static final String VERSION_KEY = "io.modelcontextprotocol/protocolVersion";

  private static final JsonFactory JSON = new JsonFactory();

  /** The kinds of messages. */
  enum Kind {
    REQUEST,
    NOTIFICATION,
    RESPONSE,
    /** An array of messages, which only 2025-03-26 has. */
    BATCH
  }

  /**
   * A number, true, false or null.
   *
   * @param text as it is written
   */
  record Literal(String text) {}

  /**
   * Reads a message of a client.
   *
   * @throws JacksonException if it is not JSON
   * @throws IllegalArgumentException if it is not a message
   */
  static Message ofClient(byte[] bytes) {
    return read(bytes, "params");
  }

  /** Reads a message of a server, without its content. */
  static Message ofServer(byte[] bytes) {
    return read(bytes, "");
  }

  /** Reads a message of a server with its result. */
  static Message withResult(byte[] bytes) {
    return read(bytes, "result");
  }

  /** Reads a message of a server with its error. */
  static Message withError(byte[] bytes) {
    return read(bytes, "error");
  }

  /** A message read in one of these ways; null if it is none. */
  static @Nullable Message orNull(byte[] bytes, Function<byte[], Message> reading) {
    try {
      return reading.apply(bytes);
    } catch (JacksonException | IllegalArgumentException e) {
      return null;
    }
  }

  /** The revision that a request names for itself; null if it is of an earlier one. */
  @Nullable String modernVersion() {
    return at("_meta", VERSION_KEY);
  }

  /** The string at a path in the content; null if there is none. */
  @Nullable String at(String... path) {
    return value(content, path) instanceof String text ? text : null;
  }

  /** The object at a path in the content; empty if there is none. */
  Map<?, ?> object(String... path) {
    return value(content, path) instanceof Map<?, ?> map ? map : Map.of();
  }

  /** The JSON text of an id at a path in the content; null if there is none. */
  @Nullable String idAt(String name) {
    return switch (content.get(name)) {
      case String text -> quoted(text);
      case Literal literal -> literal.text();
      case null, default -> null;
    };
  }

  private static @Nullable Object value(Map<?, ?> from, String... path) {
    Object value = from;
    for (String name : path) {
      value = value instanceof Map<?, ?> map ? map.get(name) : null;
    }
    return value;
  }

  /** A string as JSON text. */
  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 8).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ' || Character.isSurrogate(c)) {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  private static Message read(byte[] bytes, String wanted) {
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), bytes)) {
      JsonToken first = parser.nextToken();
      if (first == JsonToken.START_ARRAY) {
        parser.skipChildren();
        requireEnd(parser);
        return new Message(bytes, Kind.BATCH, null, "", Map.of());
      }
      if (first != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("A message must be a JSON object.");
      }
      return object(parser, bytes, wanted);
    }
  }

  private static Message object(JsonParser parser, byte[] bytes, String wanted) {
    String id = null;
    String method = null;
    boolean response = false;
    Map<String, Object> content = Map.of();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (name.equals("id") && value.isScalarValue() && value != JsonToken.VALUE_NULL) {
        id = value == JsonToken.VALUE_STRING ? quoted(parser.getString()) : parser.getString();
      } else if (name.equals("method") && value == JsonToken.VALUE_STRING) {
        method = parser.getString();
      } else if (name.equals(wanted) && value == JsonToken.START_OBJECT) {
        content = map(parser);
      } else {
        parser.skipChildren();
      }
      response |= name.equals("result") || name.equals("error");
    }
    requireEnd(parser);
    if (method != null) {
      return new Message(bytes, id == null ? Kind.NOTIFICATION : Kind.REQUEST, id, method, content);
    }
    if (!response) {
      throw new IllegalArgumentException("A message needs a method, a result or an error.");
    }
    return new Message(bytes, Kind.RESPONSE, id, "", content);
  }

  private static void requireEnd(JsonParser parser) {
    if (parser.nextToken() != null) {
      throw new IllegalArgumentException("A line must be one message.");
    }
  }

  // The parser limits the depth.
  private static Map<String, Object> map(JsonParser parser) {
    Map<String, Object> map = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      map.put(name, value(parser));
    }
    return map;
  }

  private static Object value(JsonParser parser) {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT) {
      return map(parser);
    }
    if (token == JsonToken.START_ARRAY) {
      List<Object> list = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        list.add(value(parser));
      }
      return list;
    }
    return token == JsonToken.VALUE_STRING ? parser.getString() : new Literal(parser.getString());
  }
}
