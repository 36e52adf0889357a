package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.load.LonghaulProcess;
import dev.longhaul.mcp.McpHttp.Event;
import dev.longhaul.mcp.McpHttp.Stream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The only process is killed during a call, and its client resumes the stream. */
class ResumedAfterKillTest {
  private static final List<String> OPTIONS = List.of("-Xmx256m");
  private static final List<String> SETTINGS =
      List.of("--longhaul.mcp.keep-alive=200ms", "--longhaul.mcp.hold=10m");

  @Test
  @Timeout(300)
  void p5_aStreamGoesOnWithProgressAndItsResultAfterARestart(@TempDir Path directory)
      throws Exception {
    String namespace;
    String session;
    Event seen;
    try (LonghaulProcess first = LonghaulProcess.start(directory, OPTIONS, SETTINGS)) {
      namespace = first.namespace();
      McpHttp http = new McpHttp(first.port());
      session = http.initialize("2025-11-25", "test");
      try (Stream call = http.legacy(session, "tools/call", demo()).open()) {
        seen = call.event();
        while (seen.data().isEmpty() || progress(seen.json()) < 0.3) {
          seen = call.event();
        }
        first.close(); // as with kill -9
      }
    }
    try (LonghaulProcess second =
        LonghaulProcess.startIn(namespace, directory, OPTIONS, SETTINGS)) {
      McpHttp http = new McpHttp(second.port());
      List<Double> told = new ArrayList<>(List.of(progress(seen.json())));
      try (Stream rest = http.listen(session, seen.id())) {
        JsonNode said = rest.next();
        while (said != null && said.has("method")) {
          told.add(progress(said));
          said = rest.next();
        }
        assertThat(said).as("the answer").isNotNull();
        assertThat(said.path("id").asInt()).isEqualTo(1);
        assertThat(said.toString()).contains("killed took 6 s");
      }
      assertThat(told).as("progress").isSorted().doesNotHaveDuplicates().endsWith(1.0);
      assertThat(told.size()).as("progress told after the restart").isGreaterThan(2);
    }
  }

  private static double progress(JsonNode said) {
    return said.path("params").path("progress").asDouble();
  }

  private static ObjectNode demo() {
    ObjectNode params =
        McpHttp.callParams("queuemgr_demo", "{\"task_name\":\"killed\",\"duration\":6}");
    params.putObject("_meta").put("progressToken", "p");
    return params;
  }
}
