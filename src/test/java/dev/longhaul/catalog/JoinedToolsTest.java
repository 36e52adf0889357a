package dev.longhaul.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.testing.Tools;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Own tools and those of another source in one catalogue. */
class JoinedToolsTest {
  private final RegisteredTools own = new RegisteredTools();
  private final Other other = new Other();
  private final ToolCatalogue tools = new JoinedTools(own, () -> List.of(other));

  /** A source whose tools change. */
  private static final class Other implements ToolSource {
    private final List<Tool> served = new ArrayList<>();

    @Override
    public Optional<Tool> find(String name) {
      return served.stream().filter(tool -> tool.name().equals(name)).findFirst();
    }

    @Override
    public Optional<Tool> runnable(String id) {
      return served.stream().filter(tool -> tool.id().equals(id)).findFirst();
    }

    @Override
    public Collection<Tool> all() {
      return served;
    }
  }

  private static Tool tool(String name, String id) {
    Tool tool = Tools.queued(name, _ -> Tools.text(id));
    return new Tool(tool.description(), tool.policy(), tool.handler(), Tool.CALL, id);
  }

  @Test
  void ownToolsKeepTheirNameAndComeFirst() {
    own.register(Tools.queued("read", _ -> Tools.text("own")));
    other.served.add(tool("read", "files/read"));
    other.served.add(tool("write", "files/write"));
    assertThat(tools.all()).extracting(Tool::id).containsExactly("read", "files/write");
    assertThat(tools.find("read")).map(Tool::id).contains("read");
    assertThat(tools.runnable("read")).map(Tool::id).contains("read");
    assertThat(tools.runnable("files/read")).map(Tool::id).contains("files/read");
  }

  @Test
  void theIdentityOfAToolIsFoundByItsNameAndByItself() {
    other.served.add(tool("read", "files/read"));
    assertThat(tools.id("read")).isEqualTo("files/read");
    assertThat(tools.id("files/read")).isEqualTo("files/read");
    assertThat(tools.id("gone")).isEqualTo("gone");
    other.served.clear();
    assertThat(tools.find("read")).isEmpty();
  }

  @Test
  void internalToolsAreNeitherNamedNorListed() {
    own.registerHidden(Tools.queued("deliver", _ -> Tools.text("")));
    assertThat(tools.isInternal("deliver")).isTrue();
    assertThat(tools.runnable("deliver")).isPresent();
    assertThat(tools.named("deliver")).isEmpty();
    assertThat(tools.isInternal("files/read")).isFalse();
  }
}
