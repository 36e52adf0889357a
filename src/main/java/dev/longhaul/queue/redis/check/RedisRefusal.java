package dev.longhaul.queue.redis.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Derives from an exception why a Redis refused a command. */
public final class RedisRefusal {
  private static final int MOST_CAUSES = 20;

  private RedisRefusal() {}

  public static RedisProblem of(String address, Throwable failure) {
    var reasons = reasons(failure);
    for (var reason : reasons) {
      if (reason.startsWith("WRONGPASS") || reason.startsWith("ERR invalid password")) {
        return new RedisProblem(
            address + " does not accept the configured user name or password: " + reason,
            "Correct spring.data.redis.password (and spring.data.redis.username, for a user other"
                + " than default), or the user and password in spring.data.redis.url.");
      }
      if (reason.startsWith("NOAUTH")) {
        return new RedisProblem(
            address + " wants a password, and none is configured: " + reason,
            "Set spring.data.redis.password, or spring.data.redis.url with the password in it:"
                + " redis://:password@host:port.");
      }
      if (reason.contains("no password is set") || reason.contains("without any password")) {
        return new RedisProblem(
            address + " has no password, but one is configured: " + reason,
            "Remove the password from spring.data.redis.password or spring.data.redis.url.");
      }
      if (reason.startsWith("NOPERM")) {
        return new RedisProblem(
            address + " does not allow the configured user what Longhaul needs: " + reason,
            "Give the user the commands Longhaul uses, INFO among them (ACL SETUSER … +@all"
                + " -@dangerous +info), and the keys and channels of its namespace.");
      }
    }
    return new RedisProblem(
        address + " cannot be reached: " + reasons.getLast(),
        "Start it, or correct spring.data.redis.url. Without any spring.data.redis.* setting"
            + " Longhaul starts a Redis of its own.");
  }

  private static List<String> reasons(Throwable failure) {
    var reasons = new ArrayList<String>();
    for (@Nullable Throwable cause = failure;
        cause != null && reasons.size() < MOST_CAUSES;
        cause = cause.getCause()) {
      reasons.add(Objects.requireNonNullElseGet(cause.getMessage(), cause::toString));
    }
    return reasons;
  }
}
