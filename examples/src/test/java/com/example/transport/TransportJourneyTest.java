package com.example.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulApplication;
import dev.longhaul.testsupport.CalledJob;
import dev.longhaul.testsupport.LonghaulClient;
import dev.longhaul.testsupport.LonghaulTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** The tools in the whole of Longhaul, over HTTP, on a Redis of their own. */
@LonghaulTest(classes = LonghaulApplication.class)
class TransportJourneyTest {
  @Autowired private LonghaulClient longhaul;

  @Test
  void addressesAreCheckedByAJob() {
    CalledJob called =
        longhaul.call(
            "check_addresses", Map.of("addresses", List.of("Dam 1, 1012 JS, Amsterdam, NL")));

    assertThat(called.state()).isEqualTo("completed");
    assertThat(called.structured().path("summary").asString())
        .isEqualTo("1 of 1 addresses are good.");
  }
}
