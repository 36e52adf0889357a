package dev.longhaul.gateway.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A file in the format of Claude Desktop, Claude Code and Cursor ({@code mcpServers}) or of VS Code
 * ({@code servers}, in its settings {@code mcp.servers}), with comments and trailing commas. Fields
 * that mean nothing here are ignored, since each client has some of its own.
 */
final class McpServersFile {
  private static final long LARGEST = 1 << 20;
  private static final int MOST = 500;
  private static final List<String> SERVERS = List.of("mcpServers", "servers", "mcp.servers");
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(
              JsonReadFeature.ALLOW_JAVA_COMMENTS,
              JsonReadFeature.ALLOW_YAML_COMMENTS,
              JsonReadFeature.ALLOW_TRAILING_COMMA)
          .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS) // an entry is read by itself
          .build();

  private final Path file;
  private final Variables variables;
  private final List<RawEntry> entries = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private boolean found;

  private McpServersFile(Path file, Variables variables) {
    this.file = file;
    this.variables = variables;
  }

  /**
   * The folder that {@code ${workspaceFolder}} means: that of the file, or the one above if the
   * file is in a client's own folder such as {@code .vscode}.
   */
  static Path workspace(Path file) {
    Path folder = file.toAbsolutePath().normalize().getParent();
    if (folder == null) {
      return file.toAbsolutePath();
    }
    Path above = folder.getParent();
    return above != null && String.valueOf(folder.getFileName()).startsWith(".") ? above : folder;
  }

  /**
   * Reads the entries of a file, in order.
   *
   * @throws InvalidEntryException if the file as a whole cannot be used
   */
  static List<RawEntry> read(Path file, Variables variables) {
    var reader = new McpServersFile(file, variables);
    try (JsonParser parser = JSON.createParser(reader.bytes())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new InvalidEntryException("the file is no JSON object; begin it with {");
      }
      reader.object(parser, "");
      if (parser.nextToken() != null) {
        throw new InvalidEntryException("there is something behind the JSON object; remove it");
      }
    } catch (JacksonException e) {
      throw new InvalidEntryException(
          "the file is no valid JSON at line "
              + (e.getLocation() == null ? "?" : e.getLocation().getLineNr())
              + "; correct it (comments and trailing commas are allowed)");
    }
    if (!reader.found) {
      throw new InvalidEntryException(
          "the file has neither mcpServers nor servers; add one of them");
    }
    return List.copyOf(reader.entries);
  }

  private byte[] bytes() {
    try {
      if (Files.size(file) > LARGEST) {
        throw new InvalidEntryException("the file is larger than 1 MB; shorten it");
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new InvalidEntryException(
          "the file cannot be read ("
              + e.getClass().getSimpleName()
              + "); check its path and"
              + " permissions");
    }
  }

  // Read by tokens, because a tree keeps only one of two entries with the same name.
  private void object(JsonParser parser, String path) {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String here = path + parser.currentName();
      boolean object = parser.nextToken() == JsonToken.START_OBJECT;
      if (SERVERS.contains(here) && object) {
        found = true;
        servers(parser);
      } else if (here.equals("mcp") && object) {
        object(parser, "mcp.");
      } else {
        parser.skipChildren();
      }
    }
  }

  private void servers(JsonParser parser) {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      JsonNode entry = JSON.readTree(parser);
      if (entries.size() >= MOST) {
        throw new InvalidEntryException("the file has more than " + MOST + " servers; divide it");
      }
      entries.add(
          names.add(name)
              ? entry(name, entry)
              : RawEntry.wrong(
                  name,
                  file.toString(),
                  variables,
                  "the file has two entries of this name; rename one of them"));
    }
  }

  private RawEntry entry(String name, JsonNode entry) {
    try {
      if (!entry.isObject()) {
        throw new InvalidEntryException("the entry is no object");
      }
      List<String> command = new ArrayList<>(texts("command", entry.get("command")));
      List<String> args = texts("args", entry.get("args"));
      if (!command.isEmpty()) {
        command.addAll(args);
      }
      String url = text("url", entry.get("url"));
      return new RawEntry(
          name,
          file.toString(),
          first(text("type", entry.get("type")), text("transport", entry.get("transport"))),
          command,
          map("env", entry.get("env")),
          text("envFile", entry.get("envFile")),
          text("cwd", entry.get("cwd")),
          first(
              first(url, text("serverUrl", entry.get("serverUrl"))),
              text("httpUrl", entry.get("httpUrl"))),
          map("headers", entry.get("headers")),
          entry.path("disabled").asBoolean(false) || !entry.path("enabled").asBoolean(true),
          variables,
          null);
    } catch (InvalidEntryException e) {
      return RawEntry.wrong(name, file.toString(), variables, String.valueOf(e.getMessage()));
    }
  }

  private static @Nullable String first(@Nullable String one, @Nullable String other) {
    return one != null ? one : other;
  }

  private static @Nullable String text(String field, @Nullable JsonNode value) {
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isString()) {
      throw new InvalidEntryException(field + " is no text; put it in quotes");
    }
    return value.asString();
  }

  /** A text, or a list of texts. */
  private static List<String> texts(String field, @Nullable JsonNode value) {
    if (value == null || value.isNull()) {
      return List.of();
    }
    if (value.isString()) {
      return List.of(value.asString());
    }
    if (!value.isArray()) {
      throw new InvalidEntryException(field + " is no list of texts; correct it");
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode each : value) {
      if (!each.isValueNode() || each.isNull()) {
        throw new InvalidEntryException(field + " has an element that is no text; correct it");
      }
      texts.add(each.asString());
    }
    return texts;
  }

  private static Map<String, String> map(String field, @Nullable JsonNode value) {
    if (value == null || value.isNull()) {
      return Map.of();
    }
    if (!value.isObject()) {
      throw new InvalidEntryException(field + " is no object of texts; correct it");
    }
    Map<String, String> map = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> each : value.properties()) {
      if (!each.getValue().isValueNode()) {
        throw new InvalidEntryException(
            "the value of " + each.getKey() + " in " + field + " is no text; correct it");
      }
      if (!each.getValue().isNull()) {
        map.put(each.getKey(), each.getValue().asString());
      }
    }
    return map;
  }
}
