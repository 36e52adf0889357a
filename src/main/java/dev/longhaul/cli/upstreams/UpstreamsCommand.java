package dev.longhaul.cli.upstreams;

import dev.longhaul.cli.Arguments;
import dev.longhaul.cli.Command;
import dev.longhaul.cli.CommandContext;
import dev.longhaul.cli.CommandFailedException;
import dev.longhaul.cli.Terminal;
import dev.longhaul.cli.UsageException;
import dev.longhaul.gateway.auth.login.LoginCommandConfiguration;
import dev.longhaul.gateway.auth.login.LoginFailedException;
import dev.longhaul.gateway.auth.login.LoginState;
import dev.longhaul.gateway.auth.login.UpstreamLogins;
import dev.longhaul.queue.redis.embedded.EmbeddedRedisAutoConfiguration;
import dev.longhaul.redis.RedisConfiguration;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.dao.DataAccessException;

/**
 * {@code upstreams}: logs a person in for an upstream that asks for it, and out again. The login is
 * kept in the Redis of the settings, where running servers find it; an embedded one is used while
 * its server runs, and started while it does not.
 */
public final class UpstreamsCommand implements Command {
  private static final String WAIT = "--wait";
  private static final Duration USUAL_WAIT = Duration.ofMinutes(5);
  private static final Duration LONGEST_WAIT = Duration.ofHours(1);

  @Override
  public String name() {
    return "upstreams";
  }

  @Override
  public String summary() {
    return "logs in and out for upstreams that ask for it, and lists them";
  }

  @Override
  public String usage() {
    return """
    Usage: java -jar longhaul.jar upstreams login NAME [--wait TIME]
           java -jar longhaul.jar upstreams logout NAME
           java -jar longhaul.jar upstreams list

    Run it with the server's settings: its environment, working directory or --setting=value.
    login prints an address on the standard output. Open it in a browser on this machine and log
    in; the browser is sent back to a port of the loopback interface. Running servers use the login
    at once, and renew it by themselves.

      --wait   how long to wait for the browser, up to 1h; 5m if it is not said

    Exit code: 0 when it is done, 1 when it could not be, 2 for wrong arguments.
    """;
  }

  @Override
  public int run(CommandContext context) {
    Arguments arguments = context.arguments(Set.of(), Set.of(WAIT));
    List<String> words = arguments.words();
    String action = words.isEmpty() ? "" : words.getFirst();
    boolean list = action.equals("list");
    if (!list && !action.equals("login") && !action.equals("logout")) {
      throw new UsageException("upstreams needs one of login, logout, list.");
    }
    if (words.size() != (list ? 1 : 2)) {
      throw new UsageException(
          list ? "upstreams list takes no name." : "upstreams " + action + " needs one name.");
    }
    if (arguments.has(WAIT) && !action.equals("login")) {
      throw new UsageException("upstreams " + action + " does not have that option.");
    }
    Duration wait = arguments.value(WAIT).map(UpstreamsCommand::duration).orElse(USUAL_WAIT);
    try (var application =
        context.open(
            SslAutoConfiguration.class,
            EmbeddedRedisAutoConfiguration.class,
            DataRedisAutoConfiguration.class,
            RedisConfiguration.class,
            LoginCommandConfiguration.class)) {
      var logins = application.getBean(UpstreamLogins.class);
      switch (action) {
        case "login" -> login(logins, words.getLast(), wait, context.terminal());
        case "logout" -> logout(logins, words.getLast(), context.terminal());
        default -> list(logins, context.terminal());
      }
      return 0;
    } catch (LoginFailedException e) {
      throw new CommandFailedException(String.valueOf(e.getMessage()), "");
    } catch (DataAccessException e) {
      throw new CommandFailedException(
          String.valueOf(e.getMessage()),
          "Start Redis, or name the server's with spring.data.redis.url.");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailedException("The command was interrupted.", "");
    }
  }

  private static void login(UpstreamLogins logins, String name, Duration wait, Terminal terminal)
      throws LoginFailedException, InterruptedException {
    Optional<Instant> until = logins.login(name, address -> show(address, wait, terminal), wait);
    terminal
        .err()
        .println(
            "The login of the upstream "
                + name
                + " is stored"
                + until.map(end -> "; it holds until " + end).orElse("")
                + ".");
  }

  private static void show(URI address, Duration wait, Terminal terminal) {
    terminal
        .err()
        .println(
            "Open this address in a browser on this machine, within "
                + wait.toSeconds()
                + " s, and log in:");
    terminal.out().println(address);
  }

  private static void logout(UpstreamLogins logins, String name, Terminal terminal)
      throws LoginFailedException {
    Optional<String> problem = logins.logout(name);
    terminal.err().println("The login of the upstream " + name + " is deleted.");
    problem.ifPresent(terminal.err()::println);
  }

  private static void list(UpstreamLogins logins, Terminal terminal) {
    List<UpstreamLogins.Listed> all = logins.list();
    if (all.isEmpty()) {
      terminal.err().println("No upstreams are configured.");
    }
    for (UpstreamLogins.Listed each : all) {
      terminal
          .out()
          .printf(
              "%-24s  %s  %s%n",
              each.name(),
              each.address() == null ? "not used" : each.address(),
              text(each.login()));
    }
  }

  private static String text(@Nullable LoginState login) {
    return login == null
        ? ""
        : "login "
            + login.state().name().toLowerCase(Locale.ROOT)
            + (login.until() == null ? "" : ", until " + login.until());
  }

  private static Duration duration(String text) {
    try {
      Duration wait = DurationStyle.detectAndParse(text);
      if (wait.isPositive() && wait.compareTo(LONGEST_WAIT) <= 0) {
        return wait;
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw new UsageException(WAIT + " must be such as 30s or 10m, at most 1h, not " + text + ".");
  }
}
