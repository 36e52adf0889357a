package dev.longhaul.cli.bench;

import dev.longhaul.cli.UsageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The file of {@code --arguments}. */
final class ArgumentsFile {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};
  private static final TypeReference<List<Map<String, Object>>> LIST = new TypeReference<>() {};

  private ArgumentsFile() {}

  /**
   * The arguments of one target: an object, or a list of objects that are used in turn. Without a
   * file one object without names.
   *
   * @throws UsageException when the file cannot be read, or is neither
   */
  static List<Map<String, Object>> forOne(Optional<String> file, InputStream standardInput) {
    if (file.isEmpty()) {
      return List.of(Map.of());
    }
    String text = read(file.get(), standardInput);
    try {
      List<Map<String, Object>> arguments =
          text.stripLeading().startsWith("[")
              ? JSON.readValue(text, LIST)
              : List.of(JSON.readValue(text, OBJECT));
      if (arguments.isEmpty()) {
        throw new UsageException(file.get() + " has no arguments.");
      }
      return arguments;
    } catch (JacksonException e) {
      throw new UsageException(
          file.get() + " must be a JSON object, or a list of them: " + e.getOriginalMessage());
    }
  }

  /**
   * The arguments by the name of the tool or prompt.
   *
   * @throws UsageException as {@link #forOne} does
   */
  static Map<String, Map<String, Object>> byName(Optional<String> file, InputStream standardInput) {
    if (file.isEmpty()) {
      return Map.of();
    }
    try {
      return JSON.readValue(
          read(file.get(), standardInput),
          new TypeReference<LinkedHashMap<String, Map<String, Object>>>() {});
    } catch (JacksonException e) {
      throw new UsageException(
          file.get()
              + " must be a JSON object with the arguments of each tool or prompt by its name: "
              + e.getOriginalMessage());
    }
  }

  private static String read(String file, InputStream standardInput) {
    try {
      return file.equals("-")
          ? new String(standardInput.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
          : Files.readString(Path.of(file));
    } catch (IOException e) {
      throw new UsageException(file + " cannot be read: " + e.getMessage());
    }
  }
}
