package dev.longhaul.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.testing.Tools;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegisteredToolsTest {
  private final RegisteredTools tools = new RegisteredTools();

  @Test
  void toolsStayInTheOrderTheyCameIn() {
    register("b");
    register("a");
    register("c");
    assertThat(tools.all()).extracting(Tool::name).containsExactly("b", "a", "c");
    assertThat(tools.find("a")).isPresent();
    assertThat(tools.find("d")).isEmpty();
  }

  @Test
  void aNameIsTakenOnce() {
    register("count");
    assertThatThrownBy(() -> register("count"))
        .hasMessage("Two tools are named 'count'; rename one of them or leave its bean out.");
  }

  @Test
  void aHiddenToolIsRunAndNotFound() {
    Tool hidden = Tools.queued("own.work", _ -> Tools.text("done"));
    tools.registerHidden(hidden);
    register("count");
    assertThat(tools.runnable("own.work")).contains(hidden);
    assertThat(tools.runnable("count")).isEqualTo(tools.find("count"));
    assertThat(tools.find("own.work")).isEmpty();
    assertThat(tools.all()).extracting(Tool::name).containsExactly("count");
    assertThatThrownBy(() -> register("own.work")).hasMessageContaining("rename the tool");
    assertThatThrownBy(() -> tools.registerHidden(hidden)).hasMessageContaining("own.work");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "count rows", "zähle", "a/b", "tool\n"})
  void h3_aNameThatClientsMayRefuseIsRefused(String name) {
    assertThatThrownBy(() -> register(name)).hasMessageContaining("rename the tool");
  }

  @Test
  void h3_aNameMayHave64Characters() {
    register("a".repeat(64));
    assertThatThrownBy(() -> register("a".repeat(65))).hasMessageContaining("1 to 64");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"null", "[]", "true", "{}", "{\"type\":\"string\"}", "{\"type\":[\"object\"]}"})
  void h1_anInputSchemaWithoutARootOfTypeObjectIsRefused(String schema) {
    Tool tool = Tools.queued("count", _ -> Tools.text("done"));
    tool.description().set("inputSchema", Tools.JSON.readTree(schema));
    assertThatThrownBy(() -> tools.register(tool))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("tool 'count'")
        .hasMessageContaining("\"type\": \"object\"");
  }

  @Test
  void h7_anOutputSchemaThatCannotBeUsedIsRefusedByName() {
    Tool tool = Tools.queued("count", _ -> Tools.text("done"));
    tool.description()
        .set("outputSchema", Tools.object("{\"$ref\":\"https://example.com/count.json\"}"));
    assertThatThrownBy(() -> tools.register(tool))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("The output schema of tool 'count'")
        .hasMessageContaining("https://example.com/count.json");
  }

  private void register(String name) {
    tools.register(Tools.queued(name, _ -> Tools.text("done")));
  }
}
