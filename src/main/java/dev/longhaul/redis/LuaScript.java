package dev.longhaul.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A Lua script for Redis. */
public interface LuaScript {
  String source();

  /** The SHA-1 of the source, for EVALSHA. */
  String sha();

  static LuaScript of(String source) {
    return new Text(source, sha1(source));
  }

  /**
   * Loads the script of a file.
   *
   * @param name its path under {@code redis/}, without the ending
   */
  static LuaScript file(String name) {
    return of(read(name));
  }

  /** The text of a file under {@code redis/}. */
  static String read(String name) {
    String path = "/redis/" + name + ".lua";
    try (InputStream in = LuaScript.class.getResourceAsStream(path)) {
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

  /** A script whose text does not change. */
  record Text(String source, String sha) implements LuaScript {}
}
