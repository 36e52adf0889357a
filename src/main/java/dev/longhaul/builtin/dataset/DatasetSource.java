package dev.longhaul.builtin.dataset;

import java.io.ByteArrayInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Data that can be read from the start more than once.
 *
 * @param name its name in messages
 * @param size its size in bytes
 */
public record DatasetSource(String name, long size, Opener opener) {

  /** Opens the data at its start. */
  @FunctionalInterface
  public interface Opener {
    InputStream open() throws IOException;
  }

  /**
   * A file. Opened as a FileInputStream, which an interrupt does not close, because the profiler
   * itself checks whether to stop.
   */
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
