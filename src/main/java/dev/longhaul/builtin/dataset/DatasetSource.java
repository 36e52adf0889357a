package dev.longhaul.builtin.dataset;

import java.io.ByteArrayInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Bytes that can be read from the start more than once.
 *
 * @param name what to call it in messages: the argument it came by
 * @param size in bytes
 */
public record DatasetSource(String name, long size, Opener opener) {

  /** Opens the bytes anew. */
  @FunctionalInterface
  public interface Opener {
    InputStream open() throws IOException;
  }

  /** A file, whose reading an interrupt does not break: the profile itself says when to stop. */
  public static DatasetSource file(String name, Path file) throws IOException {
    return new DatasetSource(name, Files.size(file), () -> new FileInputStream(file.toFile()));
  }

  /** Text given in the call. */
  public static DatasetSource inline(String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    return new DatasetSource("content", bytes.length, () -> new ByteArrayInputStream(bytes));
  }

  InputStream open() throws IOException {
    return opener.open();
  }

  byte[] head(int bytes) throws IOException {
    try (InputStream in = open()) {
      return in.readNBytes(bytes);
    }
  }
}
