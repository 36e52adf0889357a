package dev.longhaul.queue.redis.production;

import dev.longhaul.production.Finding;

/** What the user of the Redis may not read. */
final class Unreadable {
  private Unreadable() {}

  /**
   * @param rule what the user lacks, as ACL SETUSER takes it, such as {@code +info}
   */
  static Finding finding(String check, String rule) {
    return Finding.warn(
        check,
        "Could not be read: the Redis user may not.",
        "Give it "
            + rule
            + " (ACL SETUSER; docs/operations.md has a whole rule), or look yourself.");
  }
}
