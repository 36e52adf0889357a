package dev.longhaul.schema;

import java.math.BigDecimal;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ValueNode;

/**
 * Reads numbers of requests as doubles: {@code 1e999999999} becomes infinity, and no later step can
 * expand it to a billion digits. {@code 1e-999999999} would become 0, a whole number that a schema
 * may accept, and becomes the smallest double instead.
 */
public final class JsonNumbers extends JsonNodeFactory {
  private static final long serialVersionUID = 1L;

  private JsonNumbers() {}

  /** Sets a mapper up to read the numbers of trees this way. */
  public static JsonMapper.Builder in(JsonMapper.Builder builder) {
    return builder
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .nodeFactory(new JsonNumbers());
  }

  @Override
  public ValueNode numberNode(BigDecimal value) {
    double number = value.doubleValue();
    return numberNode(
        number == 0 && value.signum() != 0 ? value.signum() * Double.MIN_VALUE : number);
  }
}
