package dev.longhaul.mcp.delivery;

import dev.longhaul.intake.CanonicalCall;
import dev.longhaul.job.IdempotencyKey;
import dev.longhaul.job.JobId;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * Remembers which calls were handed over as operations, so that a client or a model that repeats
 * one by itself joins the operation instead of doing the work twice (DECISIONS.md, "Automatic
 * retries").
 */
public final class RepeatedCalls {
  private static final Logger log = LoggerFactory.getLogger(RepeatedCalls.class);

  private final StringRedisTemplate redis;
  private final String prefix;
  private final Duration life;

  /**
   * @param life how long a call is remembered; only as long as its job is unfinished does it matter
   */
  public RepeatedCalls(StringRedisTemplate redis, String namespace, Duration life) {
    this.redis = redis;
    this.prefix = "{lh:" + namespace + "}:mcp:call:";
    this.life = life;
  }

  /** The operation that the same caller's same call was handed over as, if it is remembered. */
  Optional<JobId> find(Call call) {
    try {
      return Optional.ofNullable(redis.opsForValue().get(key(call)))
          .filter(JobId::isValid)
          .map(JobId::new);
    } catch (DataAccessException e) {
      log.debug("Whether a call was handed over before is not known", e);
      return Optional.empty();
    }
  }

  void remember(Call call, JobId id) {
    try {
      redis.opsForValue().set(key(call), id.value(), life);
    } catch (DataAccessException e) {
      log.debug("That a call was handed over could not be remembered", e);
    }
  }

  private String key(Call call) {
    String canonical = CanonicalCall.text(call.params());
    return prefix + IdempotencyKey.of(call.caller().owner(), "tools/call", canonical, "").digest();
  }
}
