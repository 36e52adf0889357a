package dev.longhaul.cli.keys;

import dev.longhaul.cli.Arguments;
import dev.longhaul.cli.Command;
import dev.longhaul.cli.CommandContext;
import dev.longhaul.cli.CommandFailedException;
import dev.longhaul.cli.Terminal;
import dev.longhaul.cli.UsageException;
import dev.longhaul.queue.redis.embedded.EmbeddedRedisAutoConfiguration;
import dev.longhaul.redis.RedisConfiguration;
import dev.longhaul.security.Authentication;
import dev.longhaul.security.Scope;
import dev.longhaul.security.apikey.KeyAdministration;
import dev.longhaul.security.apikey.KeyAdministration.Opened;
import dev.longhaul.security.apikey.KeyAdministrationConfiguration;
import dev.longhaul.security.apikey.KeyDescription;
import dev.longhaul.security.apikey.KeyRefusedException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.dao.DataAccessException;

/**
 * {@code keys}: makes, lists, rotates and revokes API keys in the Redis of the settings, also
 * before there is one that could do it over REST. Where the server has an embedded Redis, that one
 * is used while the server runs, and started while it does not.
 */
public final class KeysCommand implements Command {
  private static final String SCOPES = "--scopes";
  private static final String EXPIRES = "--expires";
  private static final String KEEP = "--keep";

  @Override
  public String name() {
    return "keys";
  }

  @Override
  public String summary() {
    return "makes, lists, rotates and revokes API keys";
  }

  @Override
  public String usage() {
    return """
    Usage: java -jar longhaul.jar keys create NAME --scopes SCOPE,… [--expires WHEN]
           java -jar longhaul.jar keys list
           java -jar longhaul.jar keys rotate NAME [--keep TIME]
           java -jar longhaul.jar keys revoke NAME

    Run it with the server's settings: its environment, working directory or --setting=value. The
    new secret is the only thing on the standard output, and is not shown again.

      --scopes    some of mcp:call, jobs:read, jobs:write, jobs:admin, metrics:read
      --expires   when the key ends by itself: 90d, 12h, or a time such as 2027-01-31T00:00:00Z
      --keep      how long the secret before is accepted too: 0s to 90d; 1d if it is not said

    Exit code: 0 when it is done, 1 when it could not be, 2 for wrong arguments.
    """;
  }

  @Override
  public int run(CommandContext context) {
    Arguments arguments = context.arguments(Set.of(), Set.of(SCOPES, EXPIRES, KEEP));
    List<String> words = arguments.words();
    Action action = action(words.isEmpty() ? "" : words.getFirst(), arguments);
    if (words.size() != (action == Action.LIST ? 1 : 2)) {
      throw new UsageException(
          action == Action.LIST
              ? "keys list takes no name."
              : "keys " + words.getFirst() + " needs one name.");
    }
    // Before anything is started, so that a mistake is told at once.
    Set<Scope> scopes = action == Action.CREATE ? scopes(arguments) : Set.of();
    Duration keep =
        arguments.value(KEEP).map(text -> duration(KEEP, text)).orElse(KeyAdministration.KEPT);
    try (var application =
        context.open(
            SslAutoConfiguration.class,
            EmbeddedRedisAutoConfiguration.class,
            DataRedisAutoConfiguration.class,
            RedisConfiguration.class,
            KeyAdministrationConfiguration.class)) {
      var keys = application.getBean(KeyAdministration.class);
      Terminal terminal = context.terminal();
      switch (action) {
        case CREATE -> {
          Instant expires = expires(arguments, application.getBean(Clock.class));
          show(keys.create(words.getLast(), scopes, expires), terminal);
          hint(application, terminal);
        }
        case LIST -> list(keys.list(), terminal);
        case ROTATE -> show(keys.rotate(words.getLast(), keep), terminal);
        case REVOKE -> {
          keys.revoke(words.getLast());
          terminal.err().println("The key " + words.getLast() + " is revoked.");
        }
      }
      return 0;
    } catch (KeyRefusedException e) {
      throw new CommandFailedException(String.valueOf(e.getMessage()), "");
    } catch (DataAccessException e) {
      throw new CommandFailedException(
          String.valueOf(e.getMessage()),
          "Start Redis, or name the server's with spring.data.redis.url.");
    }
  }

  private enum Action {
    CREATE,
    LIST,
    ROTATE,
    REVOKE
  }

  private static Action action(String word, Arguments arguments) {
    Action action =
        switch (word) {
          case "create" -> Action.CREATE;
          case "list" -> Action.LIST;
          case "rotate" -> Action.ROTATE;
          case "revoke" -> Action.REVOKE;
          default -> throw new UsageException("keys needs one of create, list, rotate, revoke.");
        };
    boolean misplaced =
        (action != Action.CREATE && (arguments.has(SCOPES) || arguments.has(EXPIRES)))
            || (action != Action.ROTATE && arguments.has(KEEP));
    if (misplaced) {
      throw new UsageException("keys " + word + " does not have that option.");
    }
    return action;
  }

  private static Set<Scope> scopes(Arguments arguments) {
    String all = arguments.value(SCOPES).orElse("");
    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
    for (String text : all.split(",", -1)) {
      scopes.add(
          Scope.of(text.strip())
              .orElseThrow(() ->
                  new UsageException(
                      SCOPES + " must be some of " + String.join(",", Scope.texts()) + ".")));
    }
    return scopes;
  }

  private static @Nullable Instant expires(Arguments arguments, Clock clock) {
    String text = arguments.value(EXPIRES).orElse(null);
    if (text == null) {
      return null;
    }
    try {
      return text.contains("T") && text.contains("-")
          ? OffsetDateTime.parse(text).toInstant()
          : clock.instant().plus(duration(EXPIRES, text));
    } catch (DateTimeException | ArithmeticException e) {
      throw new UsageException(EXPIRES + " must be such as 90d, 12h or 2027-01-31T00:00:00Z.");
    }
  }

  private static Duration duration(String option, String text) {
    try {
      return DurationStyle.detectAndParse(text);
    } catch (IllegalArgumentException e) {
      throw new UsageException(option + " must be such as 90d, 12h or 30m, not " + text + ".");
    }
  }

  private static void show(Opened opened, Terminal terminal) {
    terminal
        .err()
        .println(
            "The key "
                + opened.key().name()
                + " permits "
                + texts(opened.key())
                + ". Its secret is not shown again:");
    terminal.out().println(opened.secret());
  }

  private static void hint(ApplicationContext application, Terminal terminal) {
    if (!Authentication.acceptsApiKeys(application.getEnvironment())) {
      terminal
          .err()
          .println(
              "These settings do not accept API keys: start the server with "
                  + Authentication.API_KEYS_ENABLED
                  + "=true.");
    }
  }

  private static void list(List<KeyDescription> keys, Terminal terminal) {
    if (keys.isEmpty()) {
      terminal.err().println("There are no keys.");
    }
    for (KeyDescription key : keys) {
      terminal
          .out()
          .printf(
              "%-24s  %s  %s, %s%s%n",
              key.name(),
              texts(key),
              key.configured() ? "in the settings" : "made " + key.createdAt(),
              key.lastUsedAt() == null ? "never used" : "last used " + key.lastUsedAt(),
              key.expiresAt() == null ? "" : ", until " + key.expiresAt());
    }
  }

  private static String texts(KeyDescription key) {
    return Arrays.stream(Scope.values())
        .filter(key.scopes()::contains)
        .map(Scope::text)
        .collect(Collectors.joining(","));
  }
}
