package dev.longhaul.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.intake.ResultPage.Asked;
import dev.longhaul.intake.ResultPage.Kind;
import dev.longhaul.testing.Tools;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Pages of a result, and joining them. */
class ResultPageTest {
  private static final long ROOM = 1_000_000;
  private static final String RESULT =
      """
      {"content":[{"type":"text","text":"one 🚚 two"}],
       "structuredContent":{"rows":[1,"2",{"n":3.000000000000000000001},null],"a/b":{"":true}}}
      """;

  private static ResultPage page(@Nullable String pointer, int offset, @Nullable Integer limit) {
    return ResultPage.of(RESULT, new Asked(pointer, offset, limit), ROOM);
  }

  @Test
  void aPointerSaysWhatIsPaged() {
    ResultPage rows = page("/structuredContent/rows", 1, 2);
    assertThat(rows.kind()).isEqualTo(Kind.ARRAY);
    assertThat(rows.data().toString()).isEqualTo("[\"2\",{\"n\":3.000000000000000000001}]");
    assertThat(rows.total()).isEqualTo(4);
    assertThat(rows.next()).hasValue(3);
    assertThat(page("/structuredContent/rows", 3, 2).next()).isEmpty();

    ResultPage text = page("/content/0/text", 0, 5);
    assertThat(text.kind()).isEqualTo(Kind.TEXT);
    assertThat(text.data().asString()).as("no half of a pair").isEqualTo("one ");
    assertThat(text.next()).hasValue(4);
    assertThat(page("/content/0/text", 4, 1).data().asString()).isEqualTo("🚚");

    assertThat(page("/structuredContent/a~1b", 0, null).data().asString()).isEqualTo("{\"\":true}");
    assertThat(page("/structuredContent/a~1b/", 0, null).kind()).isEqualTo(Kind.JSON);
    assertThat(page(null, 0, null).data().asString()).isEqualTo(RESULT);
    assertThat(page("", 0, 1).data().asString()).isEqualTo("{");
  }

  @Test
  void beyondTheEndIsNothing() {
    ResultPage page = page("/structuredContent/rows", 4_000, 2);
    assertThat(page.data().isEmpty()).isTrue();
    assertThat(page.offset()).isEqualTo(4);
    assertThat(page.next()).isEmpty();
    assertThat(page("/content/0/text", Integer.MAX_VALUE, 1).data().asString()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "rows,0,pointer,must be a JSON Pointer",
    "/structuredContent/columns,0,pointer,names nothing",
    "/structuredContent/rows/4,0,pointer,names nothing",
    "/structuredContent/rows/-,0,pointer,names nothing",
    "/content/0/text,5,offset,middle of a character"
  })
  void aPageThatMakesNoSenseNamesItsField(String pointer, int offset, String field, String says) {
    assertThatThrownBy(() -> page(pointer, offset, null))
        .isInstanceOfSatisfying(
            ResultPage.Refused.class, refused -> assertThat(refused.field()).isEqualTo(field))
        .hasMessageContaining(says);
  }

  @Test
  void aPointerHasALongestLength() {
    assertThatThrownBy(() -> page("/" + "x".repeat(1_000), 0, null))
        .hasMessageContaining("at most 1000 characters");
  }

  @Test
  void aPageEndsEarlierWhereThereIsNoRoom() {
    String result = "{\"a\":[\"" + "x".repeat(50) + "\",\"" + "y".repeat(50) + "\",1]}";
    ResultPage first = ResultPage.of(result, new Asked("/a", 0, 3), 60);
    assertThat(first.data().size()).isEqualTo(1);
    assertThat(first.next()).hasValue(1);
    assertThatThrownBy(() -> ResultPage.of(result, new Asked("/a", 1, 3), 40))
        .isInstanceOf(ResultPage.Refused.class)
        .hasMessageContaining("pointer=/a/1");
    assertThat(ResultPage.of(result, new Asked("/a/1", 0, null), 40).data().asString())
        .isEqualTo("y".repeat(40));
  }

  @Test
  void pagesJoinedAreTheWhole() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      String where = "seed " + seed + ", round " + round;
      ObjectNode result = Tools.object("{}");
      String text = text(random, random.nextInt(200));
      ArrayNode list = result.putArray("list");
      for (int i = random.nextInt(30); i > 0; i--) {
        list.addObject().put("t", text(random, random.nextInt(20))).put("n", random.nextLong());
      }
      result.put("text", text);
      long room = 300L + random.nextInt(500);

      StringBuilder whole = new StringBuilder();
      read(result, null, random, room, page -> whole.append(page.asString()), where);
      assertThat(whole).as(where).hasToString(result.toString());
      StringBuilder texts = new StringBuilder();
      read(result, "/text", random, room, page -> texts.append(page.asString()), where);
      assertThat(texts).as(where).hasToString(text);
      ArrayNode elements = Tools.JSON.createArrayNode();
      read(result, "/list", random, room, page -> page.forEach(elements::add), where);
      assertThat(elements).as(where).isEqualTo(list);
    }
  }

  private interface Reader {
    void page(JsonNode data);
  }

  private static void read(
      ObjectNode result,
      @Nullable String pointer,
      Random random,
      long room,
      Reader reader,
      String where) {
    int offset = 0;
    for (int pages = 0; pages < 10_000; pages++) {
      var asked = new Asked(pointer, offset, 1 + random.nextInt(60));
      ResultPage page = ResultPage.of(result.toString(), asked, room);
      assertThat(page.offset()).as(where).isEqualTo(offset);
      assertThat(page.data().toString().getBytes(StandardCharsets.UTF_8).length)
          .as(where)
          .isLessThanOrEqualTo((int) room + 2);
      if (!page.data().isArray()) {
        assertThat(Character.isLowSurrogate((page.data().asString() + "x").charAt(0)))
            .as(where)
            .isFalse();
      }
      reader.page(page.data());
      if (page.next().isEmpty()) {
        return;
      }
      assertThat(page.next().getAsInt()).as(where).isGreaterThan(offset);
      offset = page.next().getAsInt();
    }
    throw new AssertionError("no end: " + where);
  }

  private static String text(Random random, int length) {
    StringBuilder text = new StringBuilder();
    String[] pieces = {"a", "ü", "€", "🚚", "\"", "\\", "\n", "\u0001"};
    for (int i = 0; i < length; i++) {
      text.append(pieces[random.nextInt(pieces.length)]);
    }
    return text.toString();
  }
}
