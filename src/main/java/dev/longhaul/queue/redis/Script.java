package dev.longhaul.queue.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The scripts of {@code src/main/resources/redis}; each one's header says what it takes. */
enum Script {
  ENQUEUE("quota"),
  STEP("notify", "flow"),
  START,
  RENEW,
  REAP("notify", "flow", "flow-work"),
  CANCEL("notify", "flow"),
  KEEP("notify", "flow"),
  PARTIAL,
  PARTIAL_NOW,
  PROGRESS,
  ASK,
  ANSWER("notify", "flow"),
  LOG,
  FIND("view"),
  DETACH("view"),
  HELD_CALL,
  WATCH("view"),
  DELETE("notify", "flow"),
  RELEASE,
  REPLAY("quota"),
  QUEUE,
  BREAKER,
  META,
  LIST("view"),
  DEPTHS,
  TIMES,
  WAKE,
  CACHE_FIND,
  CACHE_BEGIN,
  CACHE_KEEP,
  CACHE_FORGET,
  FLOW_OPEN("notify", "flow"),
  FLOW_STAGE("notify", "flow", "flow-work", "quota"),
  FLOW_CALLBACKS("notify", "flow", "flow-work", "quota"),
  FLOW_SEAL("notify", "flow", "flow-work"),
  FLOW_ADVANCE("notify", "flow", "flow-work"),
  FLOW_CANCEL("notify", "flow"),
  FLOW_CHILDREN("notify", "flow"),
  FLOW_HAND_OUT("notify", "flow"),
  NOTIFY_LOG("notify"),
  NOTIFY_AGAIN("notify");

  private static final String VIEW = "view";

  @SuppressWarnings("ImmutableEnumChecker") // made by Stream.toList, which nobody can change
  private final List<String> parts;

  @SuppressWarnings("ImmutableEnumChecker") // set once, before the first script is sent
  private volatile Text text;

  private record Text(String source, String sha) {}

  /**
   * @param parts what stands between common.lua and the script's own text
   */
  Script(String... parts) {
    String own = name().toLowerCase(Locale.ROOT).replace('_', '-');
    this.parts = Stream.concat(Arrays.stream(parts), Stream.of(own)).toList();
    this.text = text("");
  }

  private Text text(String prelude) {
    String source =
        Stream.of(
                Stream.of(read("common"), prelude).filter(part -> !part.isEmpty()),
                parts.stream().map(Script::read))
            .flatMap(part -> part)
            .collect(Collectors.joining("\n"));
    return new Text(source, sha1(source));
  }

  /** Puts Lua behind common.lua in every script. */
  static void put(ScriptPrelude prelude) {
    for (Script script : values()) {
      script.text = script.text(prelude.lua());
    }
  }

  String source() {
    return text.source();
  }

  /** Names the script to EVALSHA. */
  String sha() {
    return text.sha();
  }

  private static String read(String name) {
    return name.equals(VIEW) ? view() + resource(name) : resource(name);
  }

  // So that a field which a view shows is named in one place.
  private static String view() {
    return JobFields.VIEW.stream().collect(Collectors.joining("', '", "local VIEW = {'", "'}\n"));
  }

  private static String resource(String name) {
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
