package com.example.shop;

import static com.example.shop.Shop.ann;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The same application with nothing but Spring Boot's default security. */
@SpringBootTest(
    classes = {DefaultSecurityTest.Plain.class, Shop.Customers.class},
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "longhaul.embedded-redis.enabled=true",
      "longhaul.embedded-redis.data-directory=target/redis-default"
    })
@ExtendWith(OutputCaptureExtension.class)
class DefaultSecurityTest {
  @LocalServerPort private int port;

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @Import({OrdersController.class, PriceTools.class})
  static class Plain {}

  @Test
  void everythingStaysLockedAndTheStartSaysWhyCallsAreRefused(CapturedOutput log) throws Exception {
    Shop shop = new Shop(port);
    for (String path : List.of("/mcp", "/api/v1/jobs", "/orders", "/api/v1/orders", "/nope")) {
      assertThat(shop.send(shop.request(path)).statusCode()).as(path).isEqualTo(401);
    }
    assertThat(shop.send(ann(shop.mcpCall())).statusCode()).isIn(401, 403);
    assertThat(shop.send(ann(shop.post("/api/v1/jobs", Shop.JOB))).statusCode()).isIn(401, 403);
    assertThat(log.getAll().lines().filter(line -> line.contains("CSRF")))
        .singleElement()
        .asString()
        .contains("WARN", "/mcp and /api/v1/jobs", "docs/library.md");
  }
}
