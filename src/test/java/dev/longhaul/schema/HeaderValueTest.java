package dev.longhaul.schema;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderValueTest {

  @ParameterizedTest
  @CsvSource({
    "us-west1, us-west1",
    "'  padded ', padded",
    "=?base64?SGVsbG8sIOS4lueVjA==?=, 'Hello, 世界'",
    "=?base64?IHBhZGRlZCA=?=, ' padded '",
    "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?=, =?base64?literal?=",
    "=?base64?SGVsbG8=, =?base64?SGVsbG8=",
    "SGVsbG8=?=, SGVsbG8=?=",
    "=?BASE64?SGVsbG8=?=, =?BASE64?SGVsbG8=?=",
    "=?base64?=, =?base64?=",
    "=?base64??=, ''"
  })
  void d7_d8_d10_readsLiteralTextAndMarkedBase64(String raw, String meant) {
    assertThat(HeaderValue.decode(raw)).contains(meant);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "=?base64?SGVsbG8?=", // no padding
        "=?base64?SGVsbG8=====?=",
        "=?base64?SGVs bG8=?=",
        "=?base64?SGVsbG9=?=", // stray bits
        "=?base64?SGVsbG8_?=", // URL alphabet
        "=?base64?/w==?=", // not UTF-8
        "caf\u00e9",
        "a\u0001b"
      })
  void d9_d11_refusesWhatIsMalformed(String raw) {
    assertThat(HeaderValue.decode(raw)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "us-west1, us-west1",
    "'Hello, 世界', =?base64?SGVsbG8sIOS4lueVjA==?=",
    "' padded ', =?base64?IHBhZGRlZCA=?=",
    "=?base64?literal?=, =?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?=",
    "'', ''"
  })
  void aValueThatNoHeaderCanCarryIsEncoded(String value, String header) {
    assertThat(HeaderValue.encode(value)).isEqualTo(header);
    assertThat(HeaderValue.decode(header)).contains(value);
  }
}
