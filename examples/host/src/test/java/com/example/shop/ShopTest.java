package com.example.shop;

import static com.example.shop.Shop.ann;
import static com.example.shop.Shop.as;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;

/** The application with the recipe: who is let in where, and that its own routes are its own. */
@SpringBootTest(
    classes = {ShopApplication.class, Shop.Customers.class},
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "longhaul.embedded-redis.enabled=true",
      "longhaul.embedded-redis.data-directory=target/redis",
      "longhaul.http.allowed-origins=https://assistant.example"
    })
@ExtendWith(OutputCaptureExtension.class)
class ShopTest {
  @LocalServerPort private int port;
  private Shop shop;

  @BeforeEach
  void open() {
    shop = new Shop(port);
  }

  @Test
  void nobodyComesInWithoutTheRightCredentials(CapturedOutput log) throws Exception {
    for (String path : List.of("/mcp", "/api/v1/jobs", "/api/v1/queues/default/pause", "/sse")) {
      var anonymous = shop.send(shop.post(path, "{}"));
      assertThat(anonymous.statusCode()).as(path).isEqualTo(401);
      assertThat(anonymous.headers().firstValue("WWW-Authenticate"))
          .get()
          .asString()
          .contains("Basic");
      var wrong = shop.send(as("ann", "bob", shop.post(path, "{}")));
      assertThat(wrong.statusCode()).as(path).isEqualTo(401);
    }
    assertThat(shop.send(shop.mcpCall()).statusCode()).isEqualTo(401);
    assertThat(shop.send(shop.request("/api/v1/jobs")).statusCode()).isEqualTo(401);
    assertThat(log.getAll()).doesNotContain("CSRF");
  }

  @Test
  void theToolIsCalledOverMcp() throws Exception {
    HttpResponse<String> tools = shop.send(ann(shop.mcpTools()));
    assertThat(tools.statusCode()).as(tools.body()).isEqualTo(200);
    assertThat(tools.body()).contains("price_order").doesNotContain("fetch_urls", "compute_hash");

    HttpResponse<String> called = shop.send(ann(shop.mcpCall()));
    assertThat(called.statusCode()).as(called.body()).isEqualTo(200);
    assertThat(called.body()).contains("10 pieces cost 25.00 euros");
  }

  @Test
  void aJobIsItsCustomersOwn() throws Exception {
    HttpResponse<String> stored = shop.send(ann(shop.post("/api/v1/jobs", Shop.JOB)));
    assertThat(stored.statusCode()).as(stored.body()).isEqualTo(202);
    String job = stored.headers().firstValue("Location").orElseThrow();
    assertThat(shop.send(ann(shop.request(job + "?wait_seconds=60"))).body())
        .contains("\"state\":\"completed\"");
    assertThat(shop.send(ann(shop.request(job + "/result"))).body())
        .contains("200 pieces cost 450.00 euros");
    assertThat(shop.send(as("bob", "bob", shop.request(job))).statusCode()).isEqualTo(404);
  }

  @Test
  void aPageOfAnAllowedOriginIsToldThatItMayAskWithoutCredentials() throws Exception {
    var allowed = shop.send(preflight("https://assistant.example"));
    assertThat(allowed.statusCode()).isEqualTo(204);
    assertThat(allowed.headers().allValues("Access-Control-Allow-Origin"))
        .containsExactly("https://assistant.example");
    assertThat(shop.send(preflight("https://elsewhere.example")).statusCode()).isEqualTo(403);
  }

  @Test
  void theShopsOwnRoutesAreAsTheyWere() throws Exception {
    assertThat(shop.send(shop.request("/orders")).statusCode()).isEqualTo(401);
    assertThat(shop.send(ann(shop.request("/orders"))).body()).isEqualTo("ann may order here.");
    // Its forms are protected against pages of others as before.
    assertThat(shop.send(ann(shop.request("/orders").POST(BodyPublishers.noBody()))).statusCode())
        .isIn(401, 403);
    assertThat(shop.send(ann(shop.request("/api/v1/orders"))).body()).isEqualTo("[]");
    for (String nowhere : List.of("/api/v1/nope", "/mcp/nope", "/v3/api-docs", "/nope")) {
      HttpResponse<String> answer = shop.send(ann(shop.request(nowhere)));
      assertThat(answer.statusCode()).as(nowhere).isEqualTo(404);
      assertThat(answer.body()).contains("\"path\":\"" + nowhere + "\"").doesNotContain("longhaul");
      assertThat(shop.send(shop.request(nowhere)).statusCode()).as(nowhere).isEqualTo(401);
    }
  }

  private HttpRequest.Builder preflight(String origin) {
    return shop.request("/mcp")
        .method("OPTIONS", BodyPublishers.noBody())
        .header("Origin", origin)
        .header("Access-Control-Request-Method", "POST")
        .header("Access-Control-Request-Headers", "authorization, content-type");
  }
}
