package dev.longhaul.queue.redis.production;

import dev.longhaul.production.Finding;
import dev.longhaul.queue.redis.check.RedisVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether the Redis keeps what it acknowledged: version, persistence, eviction. */
final class Durability {
  private static final String PERSISTENCE = "persistence";
  private static final String WRITES = "writes-to-disk";
  private static final String EVICTION = "eviction";
  private static final String ERROR = "err";
  private static final String APPENDONLY =
      "Set appendonly yes (CONFIG SET appendonly yes, and in its configuration file).";

  private Durability() {}

  static List<Finding> of(RedisAnswers redis, boolean evictionAllowed) {
    List<Finding> found = new ArrayList<>();
    found.add(version(redis));
    found.add(persistence(redis));
    if (redis.info(PERSISTENCE, "aof_last_write_status").contains(ERROR)
        || redis.info(PERSISTENCE, "rdb_last_bgsave_status").contains(ERROR)) {
      found.add(
          Finding.fail(
              WRITES,
              "Its last write of the append-only file or of a snapshot failed.",
              "Look into the log of Redis; most often its disk is full."));
    }
    found.add(eviction(redis, evictionAllowed));
    return found;
  }

  private static Finding version(RedisAnswers redis) {
    List<RedisVersion> versions =
        redis.info("server", "redis_version").stream()
            .map(RedisVersion::parse)
            .flatMap(Optional::stream)
            .toList();
    if (versions.isEmpty()) {
      return Unreadable.finding("redis-version", "+info");
    }
    return versions.stream()
        .filter(version -> !version.isSupported())
        .findFirst()
        .map(old ->
            Finding.fail(
                "redis-version",
                "It is " + old + ".",
                "Upgrade it to " + RedisVersion.OLDEST_SUPPORTED + " or newer."))
        .orElseGet(() -> Finding.pass("redis-version", "It is " + versions.getFirst() + "."));
  }

  private static Finding persistence(RedisAnswers redis) {
    List<String> logs = redis.info(PERSISTENCE, "aof_enabled");
    if (logs.isEmpty()) {
      return Unreadable.finding(PERSISTENCE, "+info +config|get");
    }
    if (!logs.contains("0")) {
      return redis.config("appendfsync").contains("no")
          ? Finding.warn(
              PERSISTENCE,
              "It has an append-only file, which the operating system writes when it likes"
                  + " (appendfsync no).",
              "Set appendfsync everysec.")
          : Finding.pass(PERSISTENCE, "It has an append-only file.");
    }
    List<String> snapshots = redis.config("save");
    if (snapshots.isEmpty()) {
      return Finding.warn(
          PERSISTENCE,
          "It has no append-only file; whether it makes snapshots could not be read.",
          APPENDONLY + " To read more, give its user +config|get.");
    }
    return snapshots.contains("")
        ? Finding.fail(
            PERSISTENCE,
            "It has neither an append-only file nor snapshots: its restart loses every job.",
            APPENDONLY)
        : Finding.warn(
            PERSISTENCE,
            "It makes snapshots only: a crash loses what came after the last one.",
            APPENDONLY);
  }

  private static Finding eviction(RedisAnswers redis, boolean allowed) {
    List<String> policies = redis.info("memory", "maxmemory_policy");
    if (policies.isEmpty()) {
      policies = redis.config("maxmemory-policy");
    }
    if (policies.isEmpty()) {
      return Unreadable.finding(EVICTION, "+info +config|get");
    }
    Optional<String> evicting =
        policies.stream().filter(policy -> !policy.equals("noeviction")).findFirst();
    if (evicting.isEmpty()) {
      return Finding.pass(EVICTION, "maxmemory-policy is noeviction.");
    }
    String observed =
        "maxmemory-policy is " + evicting.get() + ": when its memory is full it throws jobs away.";
    String remedy = "Set maxmemory-policy noeviction.";
    return allowed
        ? Finding.warn(
            EVICTION, observed + " longhaul.redis.allow-eviction accepts the loss.", remedy)
        : Finding.fail(EVICTION, observed, remedy);
  }
}
