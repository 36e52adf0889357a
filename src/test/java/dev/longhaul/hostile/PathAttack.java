package dev.longhaul.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths that different layers interpret differently. */
@Hostile
class PathAttack {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/%2e%2e/%2e%2e/etc/passwd",
        "/api/v1/jobs/%00",
        "/api/v1/jobs/%2Fresult",
        "/api/v1/jobs\\..\\..\\x",
        "/mcp/%c0%ae%c0%ae/",
        "//api//v1//jobs",
        "/api/v1/jobs/..%3b/..%3b/actuator/health"
      })
  void isAnsweredWithoutFailing(String path, Target target) throws Exception {
    try (var connection = target.connect()) {
      connection.send("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
      var answer = connection.answer();
      assertThat(answer.status()).as(answer.text()).isBetween(200, 499);
      assertThat(answer.text()).doesNotContain("root:").doesNotContain("\tat ");
    }
  }
}
