package dev.longhaul.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.redis.RedisProperties;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;

class CommandsTest {
  private final TestTerminal terminal = TestTerminal.piped();

  @Test
  void onlyAWordOrACryForHelpIsACommand() {
    assertThat(Commands.isAskedFor()).isFalse();
    assertThat(Commands.isAskedFor("--server.port=1")).isFalse();
    assertThat(Commands.isAskedFor("--debug", "check")).isFalse();
    assertThat(Commands.isAskedFor("")).isFalse(); // a variable that is not set
    assertThat(Commands.isAskedFor(" ", "--server.port=1")).isFalse();
    assertThat(Commands.isAskedFor("chekc")).isTrue();
    assertThat(Commands.isAskedFor("--help")).isTrue();
  }

  @Test
  void anUnknownCommandIsAUsageErrorWithTheListOfCommands() {
    assertThat(terminal.run(commands(), "chekc")).isEqualTo(2);
    assertThat(terminal.err())
        .contains("There is no command chekc.", "show", "Shows the namespace");
    assertThat(terminal.out()).isEmpty();
  }

  @Test
  void helpListsTheCommandsAndTheOptionsOfOne() {
    assertThat(terminal.run(commands(), "help")).isZero();
    assertThat(terminal.out()).contains("show", "Shows the namespace");
    assertThat(terminal.run(commands(), "show", "--help")).isZero();
    assertThat(terminal.out()).contains("usage of show");
  }

  @Test
  void settingsComeFromTheCommandLineAndTheDefaults() {
    assertThat(terminal.run(commands(), "show", "--loud", "--longhaul.namespace=shop")).isZero();
    assertThat(terminal.out()).isEqualTo("shop in 7s loud\n");
    assertThat(terminal.err()).isEmpty();
  }

  @Test
  void aSettingThatDoesNotBindIsOneClearMessage() {
    assertThat(terminal.run(commands(), "show", "--longhaul.redis.command-timeout=soon"))
        .isEqualTo(1);
    assertThat(terminal.err())
        .contains("longhaul.redis.command-timeout", "soon")
        .doesNotContain("\tat ");
  }

  /** The JDK has no console in tests, as in pipes and containers. */
  @Test
  void withoutAConsoleNobodyIsAsked() {
    Terminal standard = Terminal.standard();
    assertThat(standard.interactive()).isFalse();
    assertThat(standard.confirm("Really?")).isFalse();
  }

  @Test
  void anUnknownOptionIsAUsageError() {
    assertThat(terminal.run(commands(), "show", "--lout")).isEqualTo(2);
    assertThat(terminal.err()).contains("There is no option --lout.", "usage of show");
  }

  @Test
  void optionsAreReadInBothForms() {
    Arguments read =
        Arguments.parse(
            List.of("a", "--tool", "x", "--rate=3", "--yes", "b"),
            Set.of("--yes"),
            Set.of("--tool", "--rate"));
    assertThat(read.words()).containsExactly("a", "b");
    assertThat(read.value("--tool")).contains("x");
    assertThat(read.number("--rate", 1, 1, 9)).isEqualTo(3);
    assertThat(read.has("--yes")).isTrue();
    assertThatThrownBy(() -> read.number("--tool", 1, 1, 9)).hasMessageContaining("from 1 to 9");
    assertThatThrownBy(() -> Arguments.parse(List.of("--tool"), Set.of(), Set.of("--tool")))
        .hasMessage("--tool needs a value.");
    assertThatThrownBy(() -> Arguments.parse(List.of("--y", "--y"), Set.of("--y"), Set.of()))
        .hasMessage("--y is given twice.");
    assertThatThrownBy(() -> Arguments.parse(List.of("--y=1"), Set.of("--y"), Set.of()))
        .hasMessage("--y takes no value.");
  }

  private static Commands commands() {
    Properties defaults = new Properties();
    defaults.setProperty("longhaul.redis.command-timeout", "7s");
    return new Commands(List.of(new Show()), () -> defaults);
  }

  @Configuration(proxyBeanMethods = false)
  @EnableConfigurationProperties(RedisProperties.class)
  static class Settings {}

  private static final class Show implements Command {
    @Override
    public String name() {
      return "show";
    }

    @Override
    public String summary() {
      return "Shows the namespace";
    }

    @Override
    public String usage() {
      return "usage of show\n";
    }

    @Override
    public int run(CommandContext context) {
      Arguments arguments = context.arguments(Set.of("--loud"), Set.of());
      try (var application = context.open(Settings.class)) {
        RedisProperties properties = application.getBean(RedisProperties.class);
        context
            .terminal()
            .out()
            .println(
                properties.namespace()
                    + " in "
                    + properties.redis().commandTimeout().toSeconds()
                    + "s"
                    + (arguments.has("--loud") ? " loud" : ""));
      }
      return 0;
    }
  }
}
