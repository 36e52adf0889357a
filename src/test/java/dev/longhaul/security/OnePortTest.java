package dev.longhaul.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulApplication;
import dev.longhaul.testing.TestRedis;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** By default Actuator is on the same port as the rest, and protected in the same way. */
@SpringBootTest(
    classes = LonghaulApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = "longhaul.standalone=true")
@DirtiesContext
class OnePortTest {
  @LocalServerPort private int port;

  @DynamicPropertySource
  static void redis(DynamicPropertyRegistry registry) {
    registry.add("spring.data.redis.url", TestRedis::url);
    registry.add("longhaul.namespace", TestRedis::namespace);
  }

  @Test
  void actuatorIsServedAndGuardedOnTheServersPort() {
    String path = "GET /actuator/health/readiness HTTP/1.1\nHost: ";

    assertThat(RawHttp.send(port, path + "localhost")).startsWith("HTTP/1.1 200");
    assertThat(RawHttp.send(port, path + "evil.example")).startsWith("HTTP/1.1 403");
  }
}
