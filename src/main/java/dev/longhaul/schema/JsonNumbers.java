package dev.longhaul.schema;

import java.math.BigDecimal;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ValueNode;

/**
 * Numbers of a request as doubles, which every exponent fits into: {@code 1e999999999} is infinite
 * and no later step can expand it to a billion digits. Only one thing is lost in a double that
 * checks need: {@code 1e-999999999} would become the whole number 0. It becomes the smallest double
 * there is instead, which is neither whole nor 0.
 */
public final class JsonNumbers extends JsonNodeFactory {
  private static final long serialVersionUID = 1L;

  private JsonNumbers() {}

  /** Lets a mapper read numbers so into trees. */
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
