package dev.longhaul.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates that are expensive to parse. */
@Hostile
class TemplateAttack {

  // The first of these overflowed the stack: status 500, and on 2024-11-05 no response at all.
  @ParameterizedTest
  @ValueSource(strings = {"a", "/a", "~0", "/~1"})
  void pointersOfAnyLengthAreRead(String part, Target target) {
    String session = target.initialize("2025-11-25");
    for (int characters : new int[] {3_000, 1_000_000}) {
      String pointer = "/" + part.repeat(characters / part.length());
      String steps =
          """
          {"steps":[{"tool":"compute_hash","arguments":{"data":"x"}},
            {"tool":"compute_hash","arguments":{"data":"{{previous#%s}}"}}]}
          """
              .formatted(pointer);

      var answer = target.post("/api/v1/chains", steps);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);

      var called =
          target.post(
              "/mcp",
              Target.message("tools/call", "{\"name\":\"run_chain\",\"arguments\":" + steps + "}"),
              "Mcp-Session-Id",
              session,
              "MCP-Protocol-Version",
              "2025-11-25");
      assertThat(called.statusCode()).as(called.body()).isEqualTo(200);
      assertThat(called.body()).contains("finds nothing");
    }
    target.delete("/mcp", "Mcp-Session-Id", session);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{{", "{{{{", "{{previous#/", "{{x}}", "}}", "{{steps."})
  void brokenOnesAreRefusedOrTakenAsText(String part, Target target) {
    String text = part.repeat(300_000 / part.length());
    var answer =
        target.post(
            "/api/v1/chains",
            """
            {"steps":[{"tool":"compute_hash","arguments":{"data":"x"}},
              {"tool":"compute_hash","arguments":{"data":"%s"}}]}
            """
                .formatted(text));
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 499);
  }
}
