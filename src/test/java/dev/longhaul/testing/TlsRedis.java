package dev.longhaul.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A redis-server that accepts only TLS, with a new self-signed certificate. */
public final class TlsRedis implements AutoCloseable {
  private final Path directory;
  private final RedisServer server;

  private TlsRedis(Path directory, RedisServer server) {
    this.directory = directory;
    this.server = server;
  }

  /**
   * Generates the certificate and starts the server.
   *
   * @param options further lines of redis.conf
   */
  public static TlsRedis start(Path program, String... options) {
    try {
      Path directory = Files.createTempDirectory("longhaul-tls");
      run(
          directory,
          "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
              + " -addext subjectAltName=IP:127.0.0.1,DNS:localhost"
              + " -keyout key.pem -out cert.pem");
      List<String> all = new ArrayList<>(List.of(options));
      all.add("port 0");
      all.add("tls-port %PORT%");
      all.add("tls-auth-clients no");
      all.add("tls-cert-file " + directory.resolve("cert.pem"));
      all.add("tls-key-file " + directory.resolve("key.pem"));
      all.add("tls-ca-cert-file " + directory.resolve("cert.pem"));
      return new TlsRedis(directory, RedisServer.start(program, all.toArray(String[]::new)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return server.port();
  }

  /** The certificate that clients must trust. */
  public Path certificate() {
    return directory.resolve("cert.pem");
  }

  @Override
  public void close() {
    server.close();
  }

  private static void run(Path directory, String command) throws IOException {
    try {
      Process process =
          new ProcessBuilder(command.split(" ", -1))
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(command + ": " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
