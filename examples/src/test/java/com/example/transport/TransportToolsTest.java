package com.example.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.testsupport.ToolRunResult;
import dev.longhaul.testsupport.ToolRuns;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each tool alone, without a server. */
class TransportToolsTest {
  private static final List<Stop> SQUARE =
      List.of(
          new Stop("A", 0, 0), new Stop("B", 10, 10), new Stop("C", 10, 0), new Stop("D", 0, 10));

  @Test
  void aRouteGoesAroundASquare() {
    ToolRunResult result =
        ToolRuns.run(new RoutePlanner(), "plan_route", Map.of("stops", SQUARE, "rounds", 5));

    assertThat(result.structured().path("data").path("kilometres").asDouble()).isEqualTo(40);
    assertThat(result.progress().getLast().fraction()).isEqualTo(1);
  }

  @Test
  void aCancelledRouteKeepsTheBestSoFar() {
    try (var tools = ToolRuns.of(new RoutePlanner())) {
      ToolRunResult result =
          tools
              .tool("plan_route")
              .cancelWhen(said -> said.fraction() >= 0.5)
              .run(Map.of("stops", SQUARE, "rounds", 1_000));

      assertThat(result.partial()).isNotNull();
      assertThat(result.partial().total()).isEqualTo(1_000);
    }
  }

  @Test
  void nothingIsBookedUnlessTheUserSaysSo() {
    try (var tools = ToolRuns.of(new Bookings())) {
      var yes = Map.of("confirm", true, "pickupDay", "2026-12-24");
      Map<String, Object> call = Map.of("pallets", 12);

      assertThat(tools.tool("book_transport").accepting(yes).run(call).text())
          .startsWith("Booked for 2026-12-24 at 480 EUR");
      assertThat(tools.tool("book_transport").declining().run(call).text())
          .isEqualTo("Nothing is booked.");
    }
  }

  @Test
  void oneBadAddressSpoilsNothingForTheOthers() {
    List<String> addresses = List.of("Dam 1, 1012 JS, Amsterdam, NL", "Somewhere 12, 123, X, DE");

    ToolRunResult result =
        ToolRuns.run(new AddressCheck(), "check_addresses", Map.of("addresses", addresses));

    assertThat(result.structured().path("counts").path("good").asInt()).isOne();
    assertThat(result.structured().path("errors").path(0).path("message").asString())
        .contains("123 is no postcode of DE");
  }
}
