package dev.longhaul.gateway.config;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Fills in what stands for a value in a configuration file: {@code ${VAR}}, {@code
 * ${VAR:-default}}, {@code ${env:VAR}}, {@code ${workspaceFolder}}, {@code ${userHome}} and {@code
 * ${input:id}}, which is taken from the variable {@code LONGHAUL_INPUT_<ID>} because nobody can be
 * asked.
 */
final class Variables {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^{}]*)}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Set<String> PLACES =
      Set.of(
          "workspaceFolder",
          "workspaceRoot",
          "workspaceFolderBasename",
          "userHome",
          "pathSeparator",
          "/");
  private static final String DEFAULT = ":-";
  private static final String ENV = "env:";
  private static final String INPUT = "input:";

  private final UnaryOperator<@Nullable String> environment;
  private final Path workspace;

  /**
   * @param environment the value of an environment variable, null if it is not set
   * @param workspace the folder of the file
   */
  Variables(UnaryOperator<@Nullable String> environment, Path workspace) {
    this.environment = environment;
    this.workspace = workspace;
  }

  /**
   * The text with all references replaced.
   *
   * @param field what the text is, for the message
   * @throws InvalidEntryException if a variable is not set and has no default, or the reference is
   *     unknown
   */
  String filled(String field, String text) {
    Matcher reference = REFERENCE.matcher(text);
    StringBuilder filled = new StringBuilder();
    while (reference.find()) {
      reference.appendReplacement(
          filled, Matcher.quoteReplacement(value(field, reference.group(1))));
    }
    return reference.appendTail(filled).toString();
  }

  /** The values in the text that come from environment variables, which may be secrets. */
  Set<String> secrets(String field, String text) {
    return REFERENCE
        .matcher(text)
        .results()
        .map(reference -> reference.group(1))
        .filter(reference -> !PLACES.contains(reference))
        .map(reference -> value(field, reference))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** As {@link #filled}, with {@code ~} at the beginning as the user's home. */
  Path path(String field, String text) {
    String filled = filled(field, text);
    return workspace.resolve(
        filled.equals("~") || filled.startsWith("~/") ? home() + filled.substring(1) : filled);
  }

  private String value(String field, String name) {
    return switch (name) {
      case "workspaceFolder", "workspaceRoot" -> workspace.toString();
      case "workspaceFolderBasename" -> String.valueOf(workspace.getFileName());
      case "userHome" -> home();
      case "pathSeparator", "/" -> "/";
      case String input when input.startsWith(INPUT) -> input(field, input);
      case String variable -> variable(field, variable);
    };
  }

  private String input(String field, String reference) {
    String variable =
        "LONGHAUL_INPUT_"
            + reference
                .substring(INPUT.length())
                .toUpperCase(Locale.ROOT)
                .replaceAll("[^A-Z0-9]", "_");
    String value = environment.apply(variable);
    if (value == null) {
      throw new InvalidEntryException(
          "%s needs ${%s}; set the environment variable %s, because nobody can be asked"
              .formatted(field, reference, variable));
    }
    return value;
  }

  private String variable(String field, String reference) {
    String plain = reference.startsWith(ENV) ? reference.substring(ENV.length()) : reference;
    int at = plain.indexOf(DEFAULT);
    String name = at < 0 ? plain : plain.substring(0, at);
    if (!NAME.matcher(name).matches()) {
      throw new InvalidEntryException(
          "%s has the unknown reference ${%s}; known are ${VAR}, ${VAR:-default}, ${env:VAR}, ${workspaceFolder}, ${userHome} and ${input:id}"
              .formatted(field, shortened(reference)));
    }
    String value = environment.apply(name);
    if (at >= 0) {
      return value == null || value.isEmpty() ? plain.substring(at + DEFAULT.length()) : value;
    }
    if (value == null) {
      throw new InvalidEntryException(
          "%s needs the environment variable %s, which is not set; set it, or write ${%s:-default}"
              .formatted(field, name, name));
    }
    return value;
  }

  private String home() {
    String home = environment.apply("HOME");
    return home == null ? System.getProperty("user.home") : home;
  }

  private static String shortened(String text) {
    return text.length() > 40 ? text.substring(0, 40) + "…" : text;
  }
}
