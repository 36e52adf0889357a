package dev.longhaul.queue.redis.embedded;

import dev.longhaul.queue.redis.check.RedisVersion;

/**
 * The configuration of the embedded server. It is passed through the standard input, so that the
 * password is not in the process list.
 */
record ServerSettings(int port, String password, RedisVersion version) {
  private static final int LISTPACK_SINCE_MAJOR = 7;

  String asConfigurationFile() {
    // A job's hash stays compact up to this value size; the name changed with Redis 7.
    var compactHashes =
        version.major() >= LISTPACK_SINCE_MAJOR
            ? "hash-max-listpack-value"
            : "hash-max-ziplist-value";
    return """
    bind 127.0.0.1
    port %d
    protected-mode yes
    requirepass %s
    daemonize no
    set-proc-title no
    logfile ""
    always-show-logo no
    save ""
    appendonly yes
    appendfsync everysec
    maxmemory-policy noeviction
    %s 512
    """
        .formatted(port, password, compactHashes);
  }
}
