package dev.longhaul.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Small inputs that are expensive to process. */
@Hostile
class InputAttack {
  @Test
  void aHeaderOfAHundredThousandsEqualNames(Target target) {
    String content = "a,".repeat(300_000) + "a\\n1,2\\n";

    JsonNode job =
        target.awaitEnd(target.submit("profile_dataset", "{\"content\":\"" + content + "\"}"));

    assertThat(job.path("state").asString()).isIn("completed", "failed");
  }

  @Test
  void aTemplateWithALongPointer(Target target) {
    String pointer = "{{previous#/" + "a".repeat(3_000) + "}}";
    String chain =
        """
        {"steps":[{"method":"tools/call","params":{"name":"compute_hash","arguments":{"data":"x"}}},
         {"method":"tools/call","params":{"name":"compute_hash","arguments":{"data":"%s"}}}]}
        """
            .formatted(pointer);

    assertThat(target.post("/api/v1/chains", chain).statusCode()).isBetween(200, 499);
  }

  @Test
  void hundredsOfThousandsOfUnknownKeys(Target target) {
    String keys =
        IntStream.range(0, 300_000)
            .mapToObj(i -> "\"k" + i + "\":1")
            .collect(Collectors.joining(","));

    for (String body :
        new String[] {
          "{" + keys + "}",
          Target.call("compute_hash", "{" + keys + "}"),
          "{\"method\":\"tools/call\",\"metadata\":{"
              + keys
              + "},\"params\":{\"name\":\"compute_hash\",\"arguments\":{\"data\":\"x\"}}}"
        }) {
      var answer = target.post("/api/v1/jobs", body);
      assertThat(answer.statusCode()).isBetween(200, 499);
      assertThat(answer.body()).hasSizeLessThan(100_000);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e-999999999", "1e999999999", "-1e-999999999", "1e9999999999"})
  void numbersThatAreNoneIsAnErrorAndNothingMore(String number, Target target) {
    String urls = "{\"urls\":[\"http://127.0.0.1/\"],\"max_concurrent\":" + number + "}";

    assertThat(target.post("/api/v1/jobs", Target.call("fetch_urls", urls)).statusCode())
        .isBetween(400, 499);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0177.0.0.1", "0x7f.1", "2130706433", "127.1", "127.0.0.1.", "[::ffff:7f00:1]"})
  void noWayToWriteLoopbackIsFetched(String host, Target target) {
    String job =
        target.submit(
            "fetch_urls", "{\"urls\":[\"http://" + host + ":" + target.port() + "/mcp\"]}");
    target.awaitEnd(job);

    assertThat(target.get("/api/v1/jobs/" + job + "/result").body()).contains("ADDRESS_REFUSED");
  }
}
