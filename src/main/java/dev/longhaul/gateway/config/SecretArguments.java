package dev.longhaul.gateway.config;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What may be secret of the arguments of a command, and so is removed from what the command writes.
 */
final class SecretArguments {
  // References of settings are filled in before they are read, so that only a name is left to tell.
  private static final Pattern NAME =
      Pattern.compile("[^=:\\s]*(key|token|secret|passw|pwd|credential|auth)[^=:\\s]*");

  private static final Pattern SEPARATOR = Pattern.compile("[=:\\s]+");

  private SecretArguments() {}

  /**
   * Arguments with a reference to a variable, and the values of options and headers whose name says
   * that they are secret; also what is behind each {@code =}, {@code :} and space in them, because
   * a command seldom writes out the whole argument.
   *
   * @param written the arguments with references
   * @param filled the same without
   */
  static Set<String> of(List<String> written, List<String> filled, Variables variables) {
    Set<String> secrets = new HashSet<>();
    boolean named = false;
    for (int i = 0; i < filled.size(); i++) {
      String argument = filled.get(i);
      Set<String> values = variables.secrets("args", written.get(i));
      String[] parts = SEPARATOR.split(argument, 2);
      boolean option = argument.startsWith("-");
      if (!values.isEmpty() || (named && !option)) {
        secrets.addAll(values);
        secrets.add(argument);
        addParts(secrets, argument);
      } else if (parts.length == 2 && isName(parts[0])) {
        addParts(secrets, argument);
      }
      named = option && parts.length == 1 && isName(argument);
    }
    secrets.remove("");
    return secrets;
  }

  private static boolean isName(String text) {
    return NAME.matcher(text.toLowerCase(Locale.ROOT)).matches();
  }

  private static void addParts(Set<String> secrets, String argument) {
    Matcher separator = SEPARATOR.matcher(argument);
    while (separator.find()) {
      secrets.add(argument.substring(separator.end()));
    }
  }
}
