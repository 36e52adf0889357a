package dev.longhaul.catalog;

import dev.longhaul.tool.InvalidParamsException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Validates the URI of a resource: RFC 3986, absolute, of limited length, and without the segments
 * {@code .} and {@code ..} in any encoding (server/resources.mdx, Security).
 */
public final class ResourceUri {
  /** The longest URI in characters. */
  private static final int MAX_LENGTH = 8_192;

  private static final Set<String> CLIMBING = Set.of(".", "..");

  private ResourceUri() {}

  /**
   * The URI of a request, as it was sent.
   *
   * @throws InvalidParamsException with the URI in its data
   */
  static String of(JsonNode uri) {
    if (!uri.isString() || uri.asString().isEmpty()) {
      throw new InvalidParamsException("/uri", "params.uri must be the URI of a resource.");
    }
    String text = uri.asString();
    if (text.length() > MAX_LENGTH) {
      throw refused(text.substring(0, 100), "it is longer than " + MAX_LENGTH + " characters");
    }
    try {
      if (!new URI(text).isAbsolute()) {
        throw refused(text, "it has no scheme");
      }
    } catch (URISyntaxException e) {
      throw refused(text, "it is not a URI of RFC 3986");
    }
    for (String segment : decoded(text).split("[/\\\\]", -1)) {
      if (CLIMBING.contains(segment)) {
        throw refused(text, "it has a segment . or ..; write it in its normal form");
      }
    }
    return text;
  }

  /** The message for a URI without a resource. */
  public static String unknown(String uri) {
    return "There is no resource at " + uri + ".";
  }

  /** The data of an error about the URI. */
  public static ObjectNode data(String uri) {
    return JsonNodeFactory.instance.objectNode().put("uri", uri);
  }

  private static InvalidParamsException refused(String uri, String why) {
    return new InvalidParamsException("/uri", "params.uri cannot be read: " + why + ".", data(uri));
  }

  /** Decodes percent-encoding twice, so that a doubly encoded {@code ..} is found as well. */
  private static String decoded(String text) {
    String once = undo(text);
    return undo(once);
  }

  private static String undo(String text) {
    byte[] in = text.getBytes(StandardCharsets.UTF_8);
    byte[] out = new byte[in.length];
    int length = 0;
    for (int i = 0; i < in.length; i++) {
      int high = in[i] == '%' && i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
      int low = high < 0 ? -1 : Character.digit(in[i + 2], 16);
      if (low < 0) {
        out[length++] = in[i];
      } else {
        out[length++] = (byte) (high << 4 | low);
        i += 2;
      }
    }
    return new String(out, 0, length, StandardCharsets.UTF_8);
  }
}
