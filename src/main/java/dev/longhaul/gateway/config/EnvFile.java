package dev.longhaul.gateway.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A file of environment variables, one {@code NAME=value} a line, with comments and quotes. */
final class EnvFile {
  private static final long LARGEST = 256 << 10;
  private static final Pattern LINE =
      Pattern.compile("(?:export\\s+)?([A-Za-z_][A-Za-z0-9_]*)\\s*=\\s*(.*)");

  private EnvFile() {}

  /**
   * Reads a file.
   *
   * @throws InvalidEntryException if it cannot be read or a line is none of these
   */
  static Map<String, String> read(Path file) {
    Map<String, String> variables = new LinkedHashMap<>();
    int number = 0;
    for (String line : text(file).split("\\R", -1)) {
      number++;
      String stripped = line.strip();
      if (stripped.isEmpty() || stripped.startsWith("#")) {
        continue;
      }
      Matcher variable = LINE.matcher(stripped);
      if (!variable.matches()) {
        throw new InvalidEntryException(
            "line " + number + " of envFile " + file + " is not NAME=value; correct it");
      }
      variables.put(variable.group(1), value(variable.group(2)));
    }
    return variables;
  }

  private static String text(Path file) {
    try {
      if (Files.size(file) > LARGEST) {
        throw new InvalidEntryException("envFile " + file + " is larger than 256 KB; shorten it");
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw new InvalidEntryException(
          "envFile " + file + " cannot be read (" + e.getClass().getSimpleName() + ")");
    }
  }

  private static String value(String written) {
    for (char quote : new char[] {'"', '\''}) {
      int end = written.length() < 2 ? -1 : written.indexOf(quote, 1);
      if (end > 0 && written.charAt(0) == quote) {
        String inside = written.substring(1, end);
        return quote == '"' ? inside.replace("\\n", "\n") : inside;
      }
    }
    int comment = written.indexOf(" #");
    return (comment < 0 ? written : written.substring(0, comment)).strip();
  }
}
