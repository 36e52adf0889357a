package dev.longhaul.gateway.redis;

import dev.longhaul.gateway.call.CallMarks;
import dev.longhaul.job.JobId;
import dev.longhaul.redis.KeyTags;
import dev.longhaul.redis.LuaScript;
import dev.longhaul.redis.RedisConnections;
import dev.longhaul.redis.Scripts;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stores one string per job. */
public final class RedisCallMarks implements CallMarks {
  private static final LuaScript BEGIN = LuaScript.file("gateway/mark");
  private static final Logger log = LoggerFactory.getLogger(RedisCallMarks.class);

  /** A job that is called again after a longer time calls the upstream again. */
  private static final Duration TTL = Duration.ofDays(8);

  private static final String SENT = "-";
  private static final String TASK = "t";

  private final RedisConnections redis;
  private final GatewayKeys keys;

  public RedisCallMarks(RedisConnections redis, KeyTags tags) {
    this.redis = redis;
    this.keys = GatewayKeys.of(tags);
  }

  @Override
  public Optional<Mark> find(JobId job) {
    return mark(redis.run(on -> on.get(keys.call(job))));
  }

  @Override
  public Optional<Mark> begin(JobId job) {
    return mark(
        redis.await(
            Scripts.text(
                redis.shared(),
                BEGIN,
                keys.call(job),
                List.of(SENT, Long.toString(TTL.toMillis())))));
  }

  private static Optional<Mark> mark(@Nullable String stored) {
    return Optional.ofNullable(stored)
        .map(text -> new Mark(text.startsWith(TASK) ? text.substring(TASK.length()) : null));
  }

  @Override
  public void put(JobId job, Mark mark) {
    String text = mark.task() == null ? SENT : TASK + mark.task();
    var _ = redis.run(on -> on.psetex(keys.call(job), TTL.toMillis(), text));
  }

  @Override
  public void forget(JobId job) {
    try {
      var _ = redis.shared().unlink(keys.call(job));
    } catch (RuntimeException e) {
      log.debug("The mark of job {} could not be deleted; it ends by itself", job, e);
    }
  }
}
