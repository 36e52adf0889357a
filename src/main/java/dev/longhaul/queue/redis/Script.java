package dev.longhaul.queue.redis;

import dev.longhaul.redis.LuaScript;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The scripts of the queue in {@code src/main/resources/redis}; their headers document keys,
 * arguments and results. Each has of the files in {@code shared} only what it uses ({@link
 * ScriptText}).
 */
enum Script implements LuaScript {
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
  CONVERT_BEGIN,
  CONVERT,
  CONVERT_LINES,
  LIST("view"),
  DEPTHS,
  CALLERS,
  TIMES,
  WAKE,
  CACHE_GET,
  CACHE_PUT,
  CACHE_INVALIDATE,
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

  @SuppressWarnings("ImmutableEnumChecker") // created by List.of, so it cannot be changed
  private final List<String> more;

  @SuppressWarnings("ImmutableEnumChecker") // set once, before the first script is sent
  private volatile LuaScript text;

  /**
   * @param more the shared files of which it may use definitions besides those of all scripts
   */
  Script(String... more) {
    this.more = List.of(more);
    this.text = text("");
  }

  private LuaScript text(String prelude) {
    List<String> files = new ArrayList<>(List.of(shared("common"), prelude));
    // Not a constant: the scripts are made before the constants of an enum.
    List.of("lines", "jobs", "use", "states", "gates", "ends")
        .forEach(file -> files.add(shared(file)));
    more.forEach(file -> files.add(shared(file)));
    String own = name().toLowerCase(Locale.ROOT).replace('_', '-');
    return LuaScript.of(ScriptText.assemble(files, read(own)));
  }

  /** Adds Lua code after common.lua in every script. */
  static void put(ScriptPrelude prelude) {
    for (Script script : values()) {
      script.text = script.text(prelude.lua());
    }
  }

  @Override
  public String source() {
    return text.source();
  }

  @Override
  public String sha() {
    return text.sha();
  }

  // Fields of views and claims are filled in here, so that they are named in one place.
  private static String read(String name) {
    return LuaScript.read(name)
        .replace("{VIEW}", view())
        .replace("{CLAIM}", "{" + ClaimField.lua() + "}");
  }

  private static String shared(String name) {
    return read("shared/" + name);
  }

  private static String view() {
    return JobFields.VIEW.stream().collect(Collectors.joining("', '", "{'", "'}"));
  }
}
