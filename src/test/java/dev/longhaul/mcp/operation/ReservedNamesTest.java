package dev.longhaul.mcp.operation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.catalog.ToolCatalogue;
import dev.longhaul.queue.FlowKind;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No tool of an upstream gets the name of one that this server may have. */
class ReservedNamesTest {

  @Test
  void theNamesOfToolsThatAreNotRegisteredAreReserved() {
    assertThat(
            Stream.concat(
                OperationDescriptions.all().stream().map(tool -> tool.path("name").asString()),
                Stream.of(FlowKind.values()).map(FlowKind::tool)))
        .containsExactlyInAnyOrderElementsOf(ToolCatalogue.RESERVED);
  }
}
