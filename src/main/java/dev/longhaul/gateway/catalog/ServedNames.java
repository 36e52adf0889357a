package dev.longhaul.gateway.catalog;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The names under which the tools or prompts of upstreams are served. In the order of the upstreams
 * each keeps its own name if it is free; {@code <upstream>_<name>} always finds it too.
 */
final class ServedNames {
  private static final int LONGEST = 64;
  private static final int LONGEST_ID = 200;
  private static final int HASH = 8;
  private static final Pattern OTHER = Pattern.compile("[^A-Za-z0-9_.-]");

  private final Predicate<String> taken;
  private final Map<Named, String> served = new LinkedHashMap<>();
  private final Map<String, Named> byName = new HashMap<>();

  /**
   * A tool or prompt of an upstream.
   *
   * @param name the name that it would like: its own, or what it was renamed to
   * @param id its identity
   */
  record Named(String upstream, String name, String id) {}

  /**
   * @param taken whether a name is one of this server's own
   */
  ServedNames(Predicate<String> taken) {
    this.taken = taken;
  }

  /** Gives names to all, in this order. */
  ServedNames add(List<Named> all) {
    Map<String, Named> qualified = new HashMap<>();
    for (Named each : all) {
      qualified.putIfAbsent(qualified(each), each);
    }
    Set<String> used = new HashSet<>();
    for (Named each : all) {
      String name = fitting(each.name());
      Named other = qualified.get(name);
      if (taken.test(name) || used.contains(name) || (other != null && !other.equals(each))) {
        name = qualified(each);
      }
      if (taken.test(name) || used.contains(name)) {
        name = shortened(name, each.id());
      }
      used.add(name);
      served.put(each, name);
      byName.put(name, each);
    }
    qualified.forEach((name, each) -> {
      if (!taken.test(name)) {
        byName.putIfAbsent(name, each);
      }
    });
    return this;
  }

  /** The name that is listed. */
  String served(Named named) {
    return served.getOrDefault(named, named.name());
  }

  /** What is called by each name, those that are not listed too. */
  Map<String, Named> byName() {
    return byName;
  }

  private static String qualified(Named named) {
    return fitting(named.upstream() + "_" + named.name());
  }

  /** The name, or if clients would refuse it a shortened one with a hash that stays the same. */
  private static String fitting(String name) {
    String plain = OTHER.matcher(name).replaceAll("_");
    return plain.equals(name) && name.length() <= LONGEST && !name.isEmpty()
        ? name
        : shortened(plain, name);
  }

  private static String shortened(String name, String of) {
    return name.substring(0, Math.min(name.length(), LONGEST - HASH - 1)) + "_" + hash(of);
  }

  /** The identity of a tool: its upstream and its own name there. */
  static String id(String upstream, String tool) {
    StringBuilder id = new StringBuilder(upstream).append('/');
    for (byte each : tool.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (each & 0xff);
      if ((c >= 'a' && c <= 'z')
          || (c >= 'A' && c <= 'Z')
          || (c >= '0' && c <= '9')
          || "_.-/".indexOf(c) >= 0) {
        id.append(c);
      } else {
        id.append('%').append(HexFormat.of().withUpperCase().toHexDigits(each));
      }
    }
    return id.length() <= LONGEST_ID
        ? id.toString()
        : id.substring(0, LONGEST_ID - HASH - 1) + "_" + hash(tool);
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, HASH / 2);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
