package dev.longhaul.mcp.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.job.OpenQuestion;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuestionTextTest {
  @Test
  void theWordsSayWhoIsAskedAndWhat() {
    assertThat(of("elicitation/create", "{\"message\":\"Who?\"}"))
        .isEqualTo("waits for the user, who is asked: \"Who?\"");
    assertThat(of("elicitation/create", "{\"message\":\"Pay\",\"url\":\"https://a.example/1\"}"))
        .isEqualTo("waits for the user, who is asked: \"Pay\" (at https://a.example/1)");
    assertThat(
            of(
                "sampling/createMessage",
                "{\"messages\":[{\"role\":\"user\",\"content\":{\"type\":\"text\",\"text\":\"a word\"}}]}"))
        .isEqualTo("waits for the client's model, which is asked: \"a word\"");
    assertThat(of("sampling/createMessage", "{}")).isEqualTo("waits for the client's model");
    assertThat(of("roots/list", "{}")).isEqualTo("waits for the client to say which roots it has");
  }

  @Test
  void longAndManyQuestionsAreCut() {
    var question =
        new OpenQuestion("q", "elicitation/create", "{\"message\":\"" + "x".repeat(5_000) + "\"}");
    String words = QuestionText.of(Collections.nCopies(7, question));
    assertThat(words).endsWith("…\"; and for 2 more").hasSizeLessThan(6 * QuestionText.LONGEST);
  }

  private static String of(String method, String params) {
    return QuestionText.of(List.of(new OpenQuestion("q", method, params)));
  }
}
