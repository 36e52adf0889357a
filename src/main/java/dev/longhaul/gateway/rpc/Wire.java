package dev.longhaul.gateway.rpc;

import java.util.Arrays;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The JSON of upstreams, read into trees that are written again as they came.
 *
 * <p>Kept: the order of names, every number's exact value and the digits after its point (1.0 is
 * not 1). Not kept: how an exponent is written (1e3 becomes 1E+3), the sign of zero, which escapes
 * a string uses, white space. Of a name that is there twice the last value counts. Numbers of more
 * than 1,000 characters and more than 500 levels are refused.
 */
public final class Wire {
  private static final int MAX_DEPTH = 500;
  private static final int MAX_NUMBER = 1_000;
  private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  /** Reads and writes JSON of upstreams. */
  public static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxNumberLength(MAX_NUMBER)
                          // Bounded with the whole message.
                          .maxStringLength(Integer.MAX_VALUE)
                          .build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  // Half of a surrogate pair has no form in UTF-8 but one as an escape.
  private static final JsonMapper ESCAPED =
      JSON.rebuild().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private Wire() {}

  /**
   * Reads one JSON document.
   *
   * @throws JacksonException if it is none
   */
  static JsonNode read(byte[] bytes) {
    try {
      return JSON.readTree(bytes);
    } catch (NumberFormatException e) { // Jackson's own, of an exponent that is no int
      throw new UpstreamProtocolException("The exponent of a number is too large.");
    }
  }

  /** Where a text begins that may have a byte order mark. */
  static int afterMark(byte[] text) {
    return Arrays.equals(text, 0, Math.min(text.length, MARK.length), MARK, 0, MARK.length)
        ? MARK.length
        : 0;
  }

  static byte[] write(JsonNode node) {
    try {
      return JSON.writeValueAsBytes(node);
    } catch (JacksonException e) {
      return ESCAPED.writeValueAsBytes(node);
    }
  }
}
