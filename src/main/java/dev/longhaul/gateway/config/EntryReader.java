package dev.longhaul.gateway.config;

import dev.longhaul.gateway.config.Connection.HttpKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** Checks an entry and fills in its references. */
final class EntryReader {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration LONGEST_START = Duration.ofMinutes(30);
  private static final int MOST_INSTANCES = 100;
  private static final DataSize LEAST_MEMORY = DataSize.ofMegabytes(16);
  private static final int LONGEST_NAME = 40;
  private static final int LAST_PORT = 65_535;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,40}");
  private static final Pattern VARIABLE = Pattern.compile("[^=\0]+");
  private static final Pattern HEADER = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  private final UnaryOperator<@Nullable String> environment;
  private final Ourselves ourselves;
  private final boolean runs;
  private final boolean encrypts;

  /**
   * @param environment the value of an environment variable, null if it is not set
   * @param runs whether this process runs upstreams, so that their programs must be here
   * @param encrypts whether there is a key that encrypts what is stored
   */
  EntryReader(
      UnaryOperator<@Nullable String> environment,
      Ourselves ourselves,
      boolean runs,
      boolean encrypts) {
    this.environment = environment;
    this.ourselves = ourselves;
    this.runs = runs;
    this.encrypts = encrypts;
  }

  /** The name that an entry gets, since names in files may have any characters. */
  static String name(String written) {
    if (NAME.matcher(written).matches()) {
      return written;
    }
    String plain = written.strip().replaceAll("[^A-Za-z0-9_.-]+", "-");
    return plain.isEmpty() ? "-" : plain.substring(0, Math.min(plain.length(), LONGEST_NAME));
  }

  /**
   * Reads an entry.
   *
   * @param options the settings of its name
   */
  Entry read(RawEntry raw, UpstreamSettings options) {
    String name = name(raw.name());
    try {
      if (raw.problem() != null) {
        throw new InvalidEntryException(raw.problem());
      }
      if (Boolean.FALSE.equals(options.enabled())
          || (raw.off() && !Boolean.TRUE.equals(options.enabled()))) {
        return new Entry(name, raw.source(), null, Entry.State.OFF, "it is disabled there");
      }
      Connection connection =
          authorized(
              limited(connection(raw), options.maxMemory()), options.auth(), raw.variables());
      if (ourselves.are(connection)) {
        return new Entry(name, raw.source(), null, Entry.State.ITSELF, "it is this server itself");
      }
      OwnerIdentity identity = IdentityReader.read(connection, options, raw.variables(), encrypts);
      return Entry.used(config(name, connection, options, identity), raw.source());
    } catch (InvalidEntryException e) {
      return Entry.invalid(name, raw.source(), String.valueOf(e.getMessage()));
    }
  }

  private static Connection limited(Connection connection, @Nullable DataSize memory) {
    if (memory == null) {
      return connection;
    }
    if (memory.compareTo(LEAST_MEMORY) < 0) {
      throw new InvalidEntryException(
          "max-memory is " + memory + "; it must be 16MB or more, or not set");
    }
    return switch (connection) {
      case Connection.Command it -> it.limited(memory.toBytes());
      case Connection.Url _ ->
          throw new InvalidEntryException("max-memory is for command only; remove it");
    };
  }

  private static UpstreamConfig config(
      String name,
      Connection connection,
      UpstreamSettings options,
      @Nullable OwnerIdentity identity) {
    int instances = Objects.requireNonNullElse(options.instances(), 1);
    if (instances < 1 || instances > MOST_INSTANCES) {
      throw new InvalidEntryException(
          "instances is " + instances + "; it must be from 1 to " + MOST_INSTANCES);
    }
    Duration start = Objects.requireNonNullElse(options.startTimeout(), START);
    if (start.isZero() || start.isNegative() || start.compareTo(LONGEST_START) > 0) {
      throw new InvalidEntryException(
          "start-timeout is " + start.toMillis() + " ms; it must be from 1 ms to 30 min");
    }
    return new UpstreamConfig(
        name,
        connection,
        rules(options.tools()),
        Boolean.TRUE.equals(options.trustAnnotations()),
        Objects.requireNonNullElse(
            options.session(),
            identity == null
                ? UpstreamConfig.SessionScope.SHARED
                : UpstreamConfig.SessionScope.CALLER),
        Objects.requireNonNullElse(options.questions(), UpstreamConfig.QuestionRule.CLIENT),
        instances,
        Boolean.TRUE.equals(options.spread()),
        start,
        identity);
  }

  private static ToolRules rules(UpstreamSettings.@Nullable Tools tools) {
    return tools == null
        ? ToolRules.ALL
        : new ToolRules(
            Objects.requireNonNullElse(tools.allow(), List.of()),
            Objects.requireNonNullElse(tools.deny(), List.of()),
            Objects.requireNonNullElse(tools.rename(), Map.of()),
            Boolean.TRUE.equals(tools.pin()));
  }

  private Connection connection(RawEntry raw) {
    String type =
        raw.type() == null ? "" : raw.type().toLowerCase(Locale.ROOT).replaceAll("[_-]", "");
    boolean byUrl =
        switch (type) {
          case "" -> raw.url() != null;
          case "stdio" -> false;
          case "http", "streamablehttp", "sse" -> true;
          default ->
              throw new InvalidEntryException(
                  "type is '" + raw.type() + "'; it must be stdio, http, streamable-http or sse");
        };
    if (raw.type() == null && raw.url() != null && !raw.command().isEmpty()) {
      throw new InvalidEntryException("it has both command and url; leave one of them out");
    }
    return byUrl ? url(raw, type) : command(raw);
  }

  private Connection.Url url(RawEntry raw, String type) {
    if (raw.url() == null) {
      throw new InvalidEntryException("url is missing; add it");
    }
    Map<String, String> headers = new LinkedHashMap<>();
    raw.headers()
        .forEach((header, value) -> {
          String filled = raw.variables().filled("the header " + header, value).strip();
          if (!HEADER.matcher(header).matches()) {
            throw new InvalidEntryException("headers has an invalid name; correct it");
          }
          if (filled.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f)) {
            throw new InvalidEntryException(
                "the header " + header + " has a control character; correct its value");
          }
          headers.put(header, filled);
        });
    return new Connection.Url(
        address(raw.variables().filled("url", raw.url())),
        switch (type) {
          case "sse" -> HttpKind.SSE;
          case "streamablehttp" -> HttpKind.STREAMABLE;
          default -> HttpKind.DETECTED;
        },
        headers);
  }

  private static Connection authorized(
      Connection connection, UpstreamSettings.@Nullable Auth auth, Variables variables) {
    if (!(connection instanceof Connection.Url url)) {
      if (auth == null) {
        return connection;
      }
      throw new InvalidEntryException("auth is only for a url; leave it out");
    }
    boolean authorized =
        url.headers().keySet().stream().anyMatch("Authorization"::equalsIgnoreCase);
    if (auth == null) {
      return authorized ? url : login(url, LoginClient.UNNAMED);
    }
    if (authorized) {
      throw new InvalidEntryException(
          "it has both auth and the header Authorization; leave one of them out");
    }
    if (auth.tokenUrl() == null) {
      return login(url, client(auth, variables));
    }
    if (auth.redirectPort() != null) {
      throw new InvalidEntryException(
          "it has both auth.token-url and auth.redirect-port, which is for a login; leave one of"
              + " them out");
    }
    return new Connection.Url(
        url.url(),
        url.transport(),
        url.headers(),
        new ClientCredentials(
            address("auth.token-url", filled("auth.token-url", auth.tokenUrl(), variables)),
            filled("auth.client-id", auth.clientId(), variables),
            secret(auth, variables),
            Objects.requireNonNullElse(auth.scopes(), List.of()),
            auth.resource() == null ? url.address() : auth.resource()));
  }

  private static Connection.Url login(Connection.Url url, LoginClient client) {
    return new Connection.Url(url.url(), url.transport(), url.headers(), null, client);
  }

  private static LoginClient client(UpstreamSettings.Auth auth, Variables variables) {
    boolean secret = auth.clientSecret() != null || auth.clientSecretFile() != null;
    if (secret && auth.clientId() == null) {
      throw new InvalidEntryException("auth.client-id is missing; add it");
    }
    int port = Objects.requireNonNullElse(auth.redirectPort(), 0);
    if (port < 0 || port > LAST_PORT) {
      throw new InvalidEntryException(
          "auth.redirect-port is " + port + "; it must be from 1 to " + LAST_PORT);
    }
    return new LoginClient(
        auth.clientId() == null ? null : filled("auth.client-id", auth.clientId(), variables),
        secret ? secret(auth, variables) : null,
        Objects.requireNonNullElse(auth.scopes(), List.of()),
        auth.resource(),
        port);
  }

  private static String filled(String field, @Nullable String text, Variables variables) {
    return plain(field, text == null ? null : variables.filled(field, text));
  }

  private static String plain(String field, @Nullable String text) {
    if (text == null || text.isBlank()) {
      throw new InvalidEntryException(field + " is missing; add it");
    }
    return text.strip();
  }

  private static String secret(UpstreamSettings.Auth auth, Variables variables) {
    String file = auth.clientSecretFile();
    if (file == null) {
      return filled("auth.client-secret", auth.clientSecret(), variables);
    }
    if (auth.clientSecret() != null) {
      throw new InvalidEntryException(
          "it has both auth.client-secret and auth.client-secret-file; leave one of them out");
    }
    try (var lines = Files.lines(variables.path("auth.client-secret-file", file))) {
      return plain("the first line of auth.client-secret-file", first(lines));
    } catch (IOException | UncheckedIOException e) {
      throw new InvalidEntryException(
          "auth.client-secret-file cannot be read: " + file + "; correct it");
    }
  }

  private static @Nullable String first(Stream<String> lines) {
    return lines.findFirst().orElse(null);
  }

  private static URI address(String text) {
    return address("url", text);
  }

  private static URI address(String field, String text) {
    try {
      URI url = new URI(text.strip());
      String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
      if ((scheme.equals("http") || scheme.equals("https"))
          && url.getHost() != null
          && url.getRawUserInfo() == null
          && url.getRawFragment() == null) {
        return url;
      }
    } catch (URISyntaxException e) {
      // said below, without the text, which may have a secret
    }
    throw new InvalidEntryException(
        field
            + " must be http://host or https://host with a path, without user and fragment;"
            + " correct it");
  }

  private Connection.Command command(RawEntry raw) {
    if (raw.command().isEmpty() || raw.command().getFirst().isBlank()) {
      throw new InvalidEntryException("it has neither command nor url; add one of them");
    }
    Variables variables = raw.variables();
    Map<String, String> env = new LinkedHashMap<>();
    if (raw.envFile() != null) {
      env.putAll(EnvFile.read(variables.path("envFile", raw.envFile())));
    }
    raw.env()
        .forEach((variable, value) -> {
          if (!VARIABLE.matcher(variable).matches() || value.indexOf('\0') >= 0) {
            throw new InvalidEntryException("env has an invalid name or value; correct it");
          }
          env.put(variable, variables.filled("the variable " + variable + " of env", value));
        });
    Path cwd = raw.cwd() == null ? null : variables.path("cwd", raw.cwd());
    if (runs && cwd != null && !Files.isDirectory(cwd)) {
      throw new InvalidEntryException("cwd is no directory: " + cwd + "; correct it");
    }
    List<String> command = new ArrayList<>();
    command.add(program(variables.filled("command", raw.command().getFirst()), env, cwd));
    List<String> written = raw.command().subList(1, raw.command().size());
    for (String argument : written) {
      command.add(variables.filled("args", argument));
    }
    if (command.stream().anyMatch(each -> each.indexOf('\0') >= 0)) {
      throw new InvalidEntryException("args has a character that no argument may have; correct it");
    }
    Set<String> secrets =
        SecretArguments.of(written, command.subList(1, command.size()), variables);
    return new Connection.Command(command, env, cwd, 0, secrets);
  }

  private String program(String written, Map<String, String> env, @Nullable Path cwd) {
    String name =
        written.startsWith("~/") ? environment.apply("HOME") + written.substring(1) : written;
    if (!runs) {
      return name;
    }
    if (name.indexOf('/') >= 0) {
      Path path = cwd == null ? Path.of(name) : cwd.resolve(name);
      if (Files.isExecutable(path) && !Files.isDirectory(path)) {
        return name;
      }
      throw new InvalidEntryException(
          "command is no program that can be run: " + name + "; correct the path");
    }
    String path = env.getOrDefault("PATH", environment.apply("PATH"));
    for (String folder : path == null ? new String[0] : path.split(":", -1)) {
      Path found = Path.of(folder, name);
      if (Files.isExecutable(found) && !Files.isDirectory(found)) {
        return name;
      }
    }
    throw new InvalidEntryException(
        name.indexOf(' ') >= 0
            ? "command has blanks; put what follows the program into args"
            : "command "
                + name
                + " is not on the PATH of this server; install it, or write its"
                + " whole path");
  }
}
