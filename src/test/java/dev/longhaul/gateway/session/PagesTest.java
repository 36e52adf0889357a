package dev.longhaul.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.longhaul.gateway.rpc.UpstreamProtocolException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class PagesTest {
  private static final SessionLimits LIMITS =
      new SessionLimits(3, 5, 200, 1, Duration.ofSeconds(1), Duration.ofSeconds(1));

  @Test
  void allPagesAreReadWithTheirCursors() throws Exception {
    Deque<String> cursors = new ArrayDeque<>();
    List<ObjectNode> tools =
        Pages.all(
            "tools/list",
            LIMITS,
            params -> {
              cursors.add(params.path("cursor").stringValue("none"));
              return page("t" + cursors.size(), cursors.size() < 3 ? "c" + cursors.size() : null);
            });
    assertThat(tools)
        .extracting(tool -> tool.path("name").stringValue(""))
        .containsExactly("t1", "t2", "t3");
    assertThat(cursors).containsExactly("none", "c1", "c2");
  }

  @Test
  void aCursorThatComesAgainEndsTheList() {
    fails(params -> page("t", "same"), "second time");
  }

  @Test
  void aListThatNeverEndsEnds() {
    int[] pages = {0};
    fails(params -> page("t", "c" + pages[0]++), "more than 3 pages");
    assertThat(pages[0]).isEqualTo(3);
  }

  @Test
  void tooManyEntriesAndTooManyBytesAreRefused() {
    fails(
        params -> {
          ObjectNode page = page("t", null);
          for (int i = 0; i < 6; i++) {
            page.withArray("tools").addObject();
          }
          return page;
        },
        "more than 5 entries");
    fails(params -> page("t".repeat(300), null), "200 bytes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{}", "{\"tools\":{}}", "{\"tools\":[1]}", "{\"tools\":[],\"nextCursor\":7}"})
  void anAnswerThatIsNoListIsRefused(String answer) {
    fails(params -> (ObjectNode) TestUpstream.JSON.readTree(answer), "tools/list has");
  }

  private static void fails(Pages.Page page, String why) {
    assertThatExceptionOfType(UpstreamProtocolException.class)
        .isThrownBy(() -> Pages.all("tools/list", LIMITS, page))
        .withMessageContaining(why);
  }

  private static ObjectNode page(String name, @org.jspecify.annotations.Nullable String cursor) {
    ObjectNode page = TestUpstream.object();
    page.putArray("tools").addObject().put("name", name);
    return cursor == null ? page : page.put("nextCursor", cursor);
  }
}
