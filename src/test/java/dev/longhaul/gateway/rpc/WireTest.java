package dev.longhaul.gateway.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WireTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"z\":1,\"a\":2,\"m\":[1.0,1.50,0.1,100,-7,0.0]}",
        "{\"n\":1234567890123456789012,\"d\":0.12345678901234567890123}",
        "{\"n\":9007199254740993,\"s\":\"ä𝄞\\n\",\"t\":true,\"u\":null}"
      })
  void jsonIsWrittenAsItWasRead(String json) {
    assertThat(new String(Wire.write(Wire.read(json.getBytes(UTF_8))), UTF_8)).isEqualTo(json);
  }

  @ParameterizedTest
  @CsvSource({"1e3,1E+3", "-0,0", "1.5E-7,1.5E-7", "1e400,1E+400", "1e-400,1E-400"})
  void theValueOfANumberIsKeptWhereItsTextIsNot(String read, String written) {
    assertThat(new String(Wire.write(Wire.read(read.getBytes(UTF_8))), UTF_8)).isEqualTo(written);
  }

  @Test
  void ofANameThatIsThereTwiceTheLastValueCounts() {
    assertThat(Wire.read("{\"a\":1,\"b\":2,\"a\":3}".getBytes(UTF_8)).toString())
        .isEqualTo("{\"a\":3,\"b\":2}");
  }

  @Test
  void halfOfASurrogatePairIsWrittenAsAnEscape() {
    String json = "{\"s\":\"\\uD834\"}";
    assertThat(new String(Wire.write(Wire.read(json.getBytes(UTF_8))), UTF_8)).isEqualTo(json);
  }

  @Test
  void whatIsTooDeepOrTooLongANumberIsRefused() {
    byte[] deep = ("[".repeat(600) + "]".repeat(600)).getBytes(UTF_8);
    byte[] number = "1".repeat(1_001).getBytes(UTF_8);
    byte[] two = "{} {}".getBytes(UTF_8);
    byte[] exponent = "1e99999999999".getBytes(UTF_8);
    assertThatThrownBy(() -> Wire.read(deep)).hasMessageContaining("500");
    assertThatThrownBy(() -> Wire.read(number)).hasMessageContaining("1000");
    assertThatThrownBy(() -> Wire.read(two)).isInstanceOf(RuntimeException.class);
    assertThatThrownBy(() -> Wire.read(exponent)).isInstanceOf(RuntimeException.class);
  }
}
