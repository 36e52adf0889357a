package dev.longhaul.relay;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Where a Longhaul that a relay has started is reached, in a file of its data directory. It stays
 * there after the process has ended, so a reader looks whether that still runs.
 *
 * @param process the process
 * @param url its MCP endpoint
 * @param version its build
 */
public record AddressFile(StartedProcess process, URI url, String version) {
  private static final String URL = "url";
  private static final String VERSION = "version";

  /** Writes the file for its owner only; who reads it meanwhile reads the one before. */
  public void writeTo(Path file) throws IOException {
    Properties content = process.properties();
    content.setProperty(URL, url.toString());
    content.setProperty(VERSION, version);
    write(content, file);
  }

  /** Null if there is none, or it cannot be read. */
  static @Nullable AddressFile readFrom(Path file) {
    Properties content = read(file);
    StartedProcess process = content == null ? null : StartedProcess.of(content);
    if (content == null || process == null) {
      return null;
    }
    try {
      return new AddressFile(
          process,
          URI.create(content.getProperty(URL, "")),
          content.getProperty(VERSION, "unknown"));
    } catch (IllegalArgumentException damaged) {
      return null;
    }
  }

  static void write(Properties content, Path file) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    // Only its owner can read a temporary file.
    Path partial = Files.createTempFile(directory, "stdio", ".partial");
    try {
      try (var out = Files.newBufferedWriter(partial)) {
        content.store(out, null);
      }
      Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  static @Nullable Properties read(Path file) {
    Properties content = new Properties();
    try (var in = Files.newBufferedReader(file)) {
      content.load(in);
      return content;
    } catch (IOException | IllegalArgumentException notThereOrDamaged) {
      return null;
    }
  }
}
