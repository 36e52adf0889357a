package dev.longhaul.mcp.legacy;

import dev.longhaul.mcp.wire.RpcException;
import java.time.Duration;
import java.util.List;
import org.springframework.data.redis.core.StringRedisTemplate;

/** The resources that sessions want to hear of. */
final class Subscriptions {
  private static final int MOST = 1_000;
  private static final int LONGEST = 4_096;
  private static final ListScript ADD = new ListScript("subs-add");

  private final StringRedisTemplate redis;
  private final LegacyKeys keys;
  private final Duration sessionTtl;

  Subscriptions(StringRedisTemplate redis, LegacyKeys keys, Duration sessionTtl) {
    this.redis = redis;
    this.keys = keys;
    this.sessionTtl = sessionTtl;
  }

  /**
   * Adds one.
   *
   * @throws RpcException {@code INVALID_PARAMS} if the session has too many, or the URI is too long
   */
  void add(String session, String uri) {
    if (uri.length() > LONGEST) {
      throw RpcException.invalidParams("params.uri is longer than " + LONGEST + " characters.");
    }
    List<String> added =
        ADD.run(
            redis,
            List.of(keys.subscriptions(session)),
            uri,
            Integer.toString(MOST),
            Long.toString(sessionTtl.toMillis()));
    if (added.isEmpty()) {
      throw RpcException.invalidParams(
          "The session has " + MOST + " subscriptions, which is the most; unsubscribe from some.");
    }
  }

  void remove(String session, String uri) {
    redis.opsForSet().remove(keys.subscriptions(session), uri);
  }

  void end(String session) {
    redis.delete(keys.subscriptions(session));
  }
}
