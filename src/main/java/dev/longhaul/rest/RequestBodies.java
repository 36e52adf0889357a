package dev.longhaul.rest;

import dev.longhaul.load.OverloadedException;
import dev.longhaul.schema.JsonNumbers;
import jakarta.servlet.http.HttpServletRequest;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.zip.ZipException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads request bodies up to the size limit. */
public final class RequestBodies {
  private final int limit;
  private final JsonMapper json =
      JsonNumbers.in(JsonMapper.builder())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  RequestBodies(RestProperties properties) {
    long most = properties.maxRequestSize().toBytes();
    this.limit = Math.toIntExact(Math.min(most, Integer.MAX_VALUE - 16));
  }

  /**
   * The body as a JSON object.
   *
   * @throws BadRequestException if it is too large, malformed or no object
   */
  public ObjectNode object(HttpServletRequest request) throws IOException {
    JsonNode node;
    try (JsonParser parser = json.createParser(bytes(request))) {
      node = json.readTree(parser);
      if (node != null && parser.nextToken() != null) {
        throw malformed("there is something after the end of the object");
      }
    } catch (JacksonException e) {
      throw malformed(e.getOriginalMessage());
    } catch (NumberFormatException e) { // Jackson's own, of an exponent that is no int
      throw malformed("a number's exponent is too large");
    }
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw malformed("the body must be a JSON object");
  }

  private byte[] bytes(HttpServletRequest request) throws IOException {
    if (request.getContentLengthLong() > limit) {
      throw tooLarge();
    }
    // A chunked body announces no length: read one byte more than allowed to see that it is more.
    byte[] read;
    try {
      read = request.getInputStream().readNBytes(limit + 1);
    } catch (OverloadedException e) {
      throw new BadRequestException(e);
    } catch (SocketTimeoutException e) {
      throw new BadRequestException(
          ProblemType.REQUEST_TIMEOUT, "The body did not arrive in time.");
    } catch (ZipException | EOFException e) {
      throw malformed("it is not the gzip that Content-Encoding announces");
    }
    if (read.length > limit) {
      throw tooLarge();
    }
    return read;
  }

  private BadRequestException tooLarge() {
    return new BadRequestException(
        ProblemType.REQUEST_TOO_LARGE,
        "The request body is larger than the "
            + limit
            + " bytes of longhaul.rest.max-request-size. Pass a path or a URL instead of the data,"
            + " or raise the limit.");
  }

  private static BadRequestException malformed(String reason) {
    return new BadRequestException(
        ProblemType.MALFORMED_JSON, "The request body is not the JSON it should be: " + reason);
  }
}
