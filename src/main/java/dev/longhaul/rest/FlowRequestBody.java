package dev.longhaul.rest;

import dev.longhaul.intake.OptionsReader;
import dev.longhaul.rest.Problem.Place;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The body of {@code POST /batches} or {@code POST /chains}, apart from the key that it was sent
 * under.
 */
record FlowRequestBody(ObjectNode definition, @Nullable String key) {
  private static final String KEY = "idempotency_key";

  /**
   * Takes the key out of it.
   *
   * @param header the key that the request's header gives, or null
   */
  static FlowRequestBody of(ObjectNode body, @Nullable String header) {
    JsonNode given = body.remove(KEY);
    if (given == null || given.isNull()) {
      return new FlowRequestBody(body, header);
    }
    if (!given.isString() || !OptionsReader.isKey(given.asString())) {
      throw wrong(OptionsReader.keyRule());
    }
    if (header != null && !header.equals(given.asString())) {
      throw wrong("differs from the header " + IdempotencyHeader.NAME + "; give one of them");
    }
    return new FlowRequestBody(body, given.asString());
  }

  private static BadRequestException wrong(String message) {
    return new BadRequestException(List.of(new Place("/" + KEY, message)));
  }
}
