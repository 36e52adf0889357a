package dev.longhaul.mcp.timeout;

import dev.longhaul.tool.Client;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A client's name and version as it sent them: untrusted, so they are truncated and cleaned.
 *
 * @param name at most 100 characters, none of them a control character
 * @param version at most 100 characters, none of them a control character
 */
public record ClientKey(String name, String version) {
  private static final int LENGTH = 100;
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  public ClientKey {
    name = cut(name);
    version = cut(version);
  }

  static ClientKey of(Client client) {
    return new ClientKey(or(client.name()), or(client.version()));
  }

  private static String or(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static String cut(String said) {
    String text = CONTROL.matcher(said).replaceAll(" ");
    if (text.length() <= LENGTH) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(LENGTH - 1)) ? LENGTH - 1 : LENGTH;
    return text.substring(0, end);
  }
}
