package dev.longhaul.gateway.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindResult;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.Environment;

/**
 * Reads what upstreams are configured: first those of {@code longhaul.upstreams}, then those of the
 * files of {@code longhaul.mcp-servers}. Whatever is wrong with an entry disables that entry alone.
 */
public final class ConfiguredUpstreams {
  static final String FILES = "longhaul.mcp-servers";
  static final String SETTINGS = "longhaul.upstreams";
  private static final Bindable<Map<String, Object>> BY_NAME =
      Bindable.mapOf(String.class, Object.class);
  private static final Bindable<UpstreamSettings> OF_ONE = Bindable.of(UpstreamSettings.class);

  private final Environment environment;
  private final UnaryOperator<@Nullable String> variables;
  private final boolean runs;
  private final boolean encrypts;

  /**
   * @param runs whether this process runs upstreams, so that their programs must be here
   */
  public ConfiguredUpstreams(Environment environment, boolean runs) {
    this(environment, runs, false);
  }

  /**
   * @param runs whether this process runs upstreams, so that their programs must be here
   * @param encrypts whether there is a key that encrypts what is stored
   */
  public ConfiguredUpstreams(Environment environment, boolean runs, boolean encrypts) {
    this(environment, System::getenv, runs, encrypts);
  }

  ConfiguredUpstreams(
      Environment environment, UnaryOperator<@Nullable String> variables, boolean runs) {
    this(environment, variables, runs, false);
  }

  ConfiguredUpstreams(
      Environment environment,
      UnaryOperator<@Nullable String> variables,
      boolean runs,
      boolean encrypts) {
    this.encrypts = encrypts;
    this.environment = environment;
    this.variables = variables;
    this.runs = runs;
  }

  /** Whether there is a setting that may bring upstreams. */
  public boolean any() {
    Binder binder = Binder.get(environment);
    return !files(binder).isEmpty() || binder.bind(SETTINGS, BY_NAME).isBound();
  }

  /**
   * Reads all entries, the files too, in the order in which they get their names.
   *
   * @param port the port of this server, 0 if it has none
   */
  public List<Entry> read(int port) {
    Binder binder = Binder.get(environment);
    EntryReader reader = new EntryReader(variables, new Ourselves(port), runs, encrypts);
    Map<String, Bound> settings = settings(binder);
    List<Entry> entries = new ArrayList<>();
    Set<String> names = new HashSet<>();
    settings.forEach((name, bound) -> {
      if (bound.problem() != null) {
        names.add(name);
        entries.add(Entry.invalid(name, SETTINGS, bound.problem()));
      } else if (bound.settings().command() != null || bound.settings().url() != null) {
        names.add(name);
        var none = new Variables(variables, Path.of("").toAbsolutePath());
        entries.add(
            reader.read(RawEntry.of(name, SETTINGS, bound.settings(), none), bound.settings()));
      }
    });
    for (String file : files(binder)) {
      add(file, reader, settings, names, entries);
    }
    settings.forEach((name, bound) -> {
      if (!names.contains(name)) {
        entries.add(
            Entry.invalid(
                name,
                SETTINGS,
                "it has neither command nor url, and no file of "
                    + FILES
                    + " has an entry of"
                    + " this name; add one of them"));
      }
    });
    return List.copyOf(entries);
  }

  private void add(
      String path,
      EntryReader reader,
      Map<String, Bound> settings,
      Set<String> names,
      List<Entry> entries) {
    try {
      Path file = Path.of(path);
      for (RawEntry raw :
          McpServersFile.read(file, new Variables(variables, McpServersFile.workspace(file)))) {
        String name = EntryReader.name(raw.name());
        if (names.add(name)) {
          Bound bound = settings.get(name);
          entries.add(reader.read(raw, bound == null ? UpstreamSettings.NONE : bound.settings()));
        } else {
          entries.add(
              Entry.invalid(
                  name,
                  raw.source(),
                  "another upstream has this name already; rename one of them"));
        }
      }
    } catch (InvalidPathException | InvalidEntryException e) {
      entries.add(Entry.invalid(path, FILES, String.valueOf(e.getMessage())));
    }
  }

  private static List<String> files(Binder binder) {
    return binder.bind(FILES, Bindable.listOf(String.class)).orElse(List.of()).stream()
        .map(String::strip)
        .filter(path -> !path.isEmpty())
        .toList();
  }

  /** Settings of one upstream, or what is wrong with them. */
  private record Bound(UpstreamSettings settings, @Nullable String problem) {}

  private static Map<String, Bound> settings(Binder binder) {
    Map<String, Bound> settings = new LinkedHashMap<>();
    for (String name : binder.bind(SETTINGS, BY_NAME).orElse(Map.of()).keySet()) {
      if (!name.equals(EntryReader.name(name))) {
        settings.put(
            EntryReader.name(name),
            new Bound(
                UpstreamSettings.NONE, "its name must be 1 to 40 of A-Z a-z 0-9 _ . -; rename it"));
        continue;
      }
      settings.put(name, bound(binder, name));
    }
    return settings;
  }

  private static Bound bound(Binder binder, String name) {
    try {
      // In brackets a name is as it is written; without, dashes, underscores and case do not count.
      var written = ConfigurationPropertyName.of(SETTINGS).append("[" + name + "]");
      BindResult<UpstreamSettings> bound = binder.bind(written, OF_ONE);
      if (!bound.isBound() && name.indexOf('.') < 0) {
        bound = binder.bind(ConfigurationPropertyName.adapt(SETTINGS + "." + name, '.'), OF_ONE);
      }
      return new Bound(bound.orElse(UpstreamSettings.NONE), null);
    } catch (BindException e) {
      // Without the value, which may be a secret.
      return new Bound(
          UpstreamSettings.NONE, e.getName() + " has a value of the wrong kind; correct it");
    }
  }
}
