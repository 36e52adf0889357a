package dev.longhaul.cli;

import dev.longhaul.queue.redis.embedded.RunningEmbeddedRedis;
import dev.longhaul.thread.ClockConfiguration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * What a command runs with: its arguments, the terminal, and the settings of the server.
 *
 * <p>An argument {@code --name=value} whose name has a dot is a setting, as for the server, and no
 * option of the command.
 */
public final class CommandContext {
  /**
   * Settings that a command has for itself. Its standard output is what was asked for, and the
   * server's log file is not its own.
   */
  private static final List<String> OWN =
      List.of(
          "--spring.main.web-application-type=none",
          "--logging.threshold.console=OFF",
          "--logging.threshold.file=OFF");

  private final List<String> line;
  private final List<String> settings;
  private final Terminal terminal;
  private final Supplier<Properties> defaults;

  /**
   * @param line what follows the command's name
   * @param defaults settings below every other source, as the server has them
   */
  CommandContext(List<String> line, Terminal terminal, Supplier<Properties> defaults) {
    this.line = line.stream().filter(argument -> !isSetting(argument)).toList();
    this.settings = line.stream().filter(CommandContext::isSetting).toList();
    this.terminal = terminal;
    this.defaults = defaults;
  }

  public Terminal terminal() {
    return terminal;
  }

  /** The settings on the command line, {@code --name=value}. */
  public List<String> settings() {
    return settings;
  }

  /**
   * The arguments of the command without the settings.
   *
   * @throws UsageException as {@link Arguments#parse} does
   */
  public Arguments arguments(Set<String> flags, Set<String> valued) {
    return Arguments.parse(line, flags, valued);
  }

  /**
   * Starts an application context with these configurations only, on the settings that the server
   * would have: the environment, the command line, application.yml and the defaults. It has no web
   * server, logs nothing, and auto-configures nothing that is not listed. Where the server would
   * use an embedded Redis, and one runs in its data directory, {@code spring.data.redis.*} name
   * that one.
   *
   * @return the context; the caller closes it
   * @throws CommandFailedException when a setting or a bean refuses, with the remedy it names
   */
  public ConfigurableApplicationContext open(Class<?>... configurations) {
    SpringApplication application = new SpringApplication(configurations);
    application.addPrimarySources(List.of(ClockConfiguration.class));
    application.setWebApplicationType(WebApplicationType.NONE);
    application.setBannerMode(Banner.Mode.OFF);
    application.setLogStartupInfo(false);
    application.setDefaultProperties(defaults.get());
    List<ConfigurableApplicationContext> started = new ArrayList<>();
    application.addInitializers(
        started::add, context -> RunningEmbeddedRedis.addTo(context.getEnvironment()));
    try {
      return application.run(withOwn());
    } catch (RuntimeException e) {
      throw StartFailure.explain(e, started);
    }
  }

  private String[] withOwn() {
    return Stream.concat(
            settings.stream()
                .filter(setting -> OWN.stream().noneMatch(own -> sameName(own, setting))),
            OWN.stream())
        .toArray(String[]::new);
  }

  private static boolean sameName(String one, String other) {
    return other.startsWith(one.substring(0, one.indexOf('=') + 1));
  }

  private static boolean isSetting(String argument) {
    int equals = argument.indexOf('=');
    return argument.startsWith("--") && equals > 0 && argument.substring(0, equals).contains(".");
  }
}
