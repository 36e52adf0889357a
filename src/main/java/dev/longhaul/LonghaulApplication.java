package dev.longhaul;

import dev.longhaul.cli.Commands;
import dev.longhaul.cli.Terminal;
import dev.longhaul.cli.bench.BenchCommand;
import dev.longhaul.cli.check.CheckCommand;
import dev.longhaul.cli.keys.KeysCommand;
import dev.longhaul.cli.stdio.StdioCommand;
import dev.longhaul.cli.upstreams.UpstreamsCommand;
import dev.longhaul.relay.JarLaunch;
import dev.longhaul.thread.Carriers;
import dev.longhaul.thread.OutOfMemory;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.core.io.ClassPathResource;

/**
 * The runnable application. It holds nothing of its own: everything is in {@link
 * LonghaulAutoConfiguration}, so that an application that only adds the library gets the same.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
public class LonghaulApplication {

  private static final String STANDALONE = "longhaul.standalone";

  /** What only the application does by itself; a library must not do it to its host. */
  private static final Map<String, Object> DEFAULTS =
      Map.of(
          STANDALONE,
          "true",
          "longhaul.embedded-redis.enabled",
          "true",
          "longhaul.redis.check",
          "fail");

  /**
   * Starts the server, or runs a command: {@code java -jar longhaul.jar help} lists them.
   *
   * @param args options {@code --name=value}, or a command and its arguments
   */
  public static void main(String[] args) {
    if (Commands.isAskedFor(args)) {
      System.exit(commands().run(args, Terminal.standard()));
    }
    Carriers.addSpare(); // before anything starts a virtual thread
    // The application's own decision: a host that uses the library keeps its handler.
    OutOfMemory.haltFromNowOn();
    var application = new SpringApplication(LonghaulApplication.class);
    application.setDefaultProperties(defaults());
    application.run(args);
  }

  private static Commands commands() {
    var stdio =
        new StdioCommand(System.in, JarLaunch.thisProgram(LonghaulApplication.class.getName()));
    return new Commands(
        List.of(
            new CheckCommand(),
            new BenchCommand(),
            new KeysCommand(),
            new UpstreamsCommand(),
            stdio),
        LonghaulApplication::ofCommands);
  }

  private static Properties ofCommands() {
    Properties defaults = defaults();
    // A command serves nobody: what a server refuses to start with is not asked of it.
    defaults.remove(STANDALONE);
    return defaults;
  }

  private static Properties defaults() {
    var file = new YamlPropertiesFactoryBean();
    file.setResources(new ClassPathResource("longhaul-defaults.yml"));
    Properties defaults = new Properties();
    defaults.putAll(Objects.requireNonNull(file.getObject()));
    defaults.putAll(DEFAULTS);
    return defaults;
  }
}
