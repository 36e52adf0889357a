package dev.longhaul.queue.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** The scripts of {@code src/main/resources/redis}; each one's header says what it takes. */
enum Script {
  ENQUEUE,
  STEP,
  START,
  RENEW,
  REAP,
  CANCEL,
  PARTIAL,
  PROGRESS,
  DETACH,
  WATCH,
  DELETE,
  RELEASE,
  REPLAY,
  QUEUE,
  BREAKER,
  LIST,
  DEPTHS,
  TIMES,
  WAKE;

  private final String source;
  private final String sha;

  Script() {
    String own = name().toLowerCase(Locale.ROOT);
    this.source = read("common") + "\n" + read(own);
    this.sha = sha1(source);
  }

  String source() {
    return source;
  }

  /** Names the script to EVALSHA. */
  String sha() {
    return sha;
  }

  private static String read(String name) {
    String path = "/redis/" + name + ".lua";
    try (InputStream in = Script.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("the script " + path + " is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha1(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }
}
