package dev.longhaul.schema;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class JsonNumbersTest {
  private final JsonMapper json = JsonNumbers.in(JsonMapper.builder()).build();

  @Test
  void aNumberNextToZeroIsNotTheWholeNumberZero() {
    double tiny = json.readTree("1e-999999999").doubleValue();

    assertThat(tiny).isPositive().isNotEqualTo(Math.rint(tiny));
    assertThat(json.readTree("-1e-999999999").doubleValue()).isNegative();
    assertThat(json.readTree("0e-999999999").doubleValue()).isZero();
  }

  @Test
  void aNumberWithAHugeExponentTakesNoRoom() {
    assertThat(json.readTree("1e999999999").doubleValue()).isInfinite();
    assertThat(json.readTree("1e999999999").toString()).hasSizeLessThan(20);
    assertThat(json.readTree("1.5").toString()).isEqualTo("1.5");
    assertThat(json.readTree("1.0").toString()).isEqualTo("1.0");
    assertThat(json.readTree("1e2").toString()).isEqualTo("100.0");
  }
}
