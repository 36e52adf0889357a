package dev.longhaul.intake.request;

import dev.longhaul.job.Priority;
import dev.longhaul.job.Rate;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.function.Function;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * Binds requests to records: maps snake case names, converts seconds to durations and strings to
 * values.
 */
final class Binding {
  private static final BigDecimal MILLIS = BigDecimal.valueOf(1000);

  static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(
              DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
              DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .addModule(
              new SimpleModule()
                  .addDeserializer(Duration.class, new OfText<>(Duration.class, Binding::seconds))
                  .addDeserializer(
                      Instant.class,
                      new OfText<>(Instant.class, text -> OffsetDateTime.parse(text).toInstant()))
                  .addDeserializer(
                      Priority.class,
                      new OfText<>(Priority.class, text -> Priority.parse(text).orElseThrow()))
                  .addDeserializer(
                      Rate.class, new OfText<>(Rate.class, text -> Rate.parse(text).orElseThrow())))
          .build();

  private Binding() {}

  // The queue counts in milliseconds.
  private static Duration seconds(String text) {
    return Duration.ofMillis(new BigDecimal(text).multiply(MILLIS).longValue());
  }

  /** Reads a value from a string or number. */
  private static final class OfText<T> extends StdScalarDeserializer<T> {
    private final transient Function<String, T> reading;

    OfText(Class<T> type, Function<String, T> reading) {
      super(type);
      this.reading = reading;
    }

    @Override
    public T deserialize(JsonParser parser, DeserializationContext context) {
      String text =
          parser.currentToken() == JsonToken.VALUE_NUMBER_FLOAT
              ? parser.getDecimalValue().stripTrailingZeros().toPlainString() // 124.0 is 124
              : parser.getString();
      try {
        return reading.apply(text);
      } catch (RuntimeException e) {
        @SuppressWarnings("unchecked")
        T fallback =
            (T) context.handleWeirdStringValue(handledType(), text, "is not what it should be");
        return fallback;
      }
    }
  }
}
