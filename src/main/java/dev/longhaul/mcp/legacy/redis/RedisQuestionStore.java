package dev.longhaul.mcp.legacy.redis;

import dev.longhaul.job.JobId;
import dev.longhaul.mcp.legacy.QuestionStore;
import dev.longhaul.redis.LuaScript;
import dev.longhaul.redis.RedisConnections;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Stores questions and answers as strings that expire when the client may not answer any more. */
final class RedisQuestionStore implements QuestionStore {
  private static final LuaScript ASKED = LuaScript.file("mcp/asked-put");

  private final RedisConnections redis;
  private final LegacyKeys keys;
  private final long ttl;

  RedisQuestionStore(RedisConnections redis, LegacyKeys keys, Duration inputTtl) {
    this.redis = redis;
    this.keys = keys;
    this.ttl = inputTtl.toMillis();
  }

  @Override
  public void open(String session, String id, String question) {
    var _ = redis.run(on -> on.psetex(keys.question(session, id), ttl, question));
  }

  @Override
  public Optional<String> find(String session, String id) {
    return Optional.ofNullable(redis.run(on -> on.get(keys.question(session, id))));
  }

  @Override
  public void close(String session, String id) {
    var _ = redis.run(on -> on.del(keys.question(session, id)));
  }

  @Override
  public void answer(String session, String id, String answer) {
    var _ = redis.run(on -> on.psetex(keys.answer(session, id), ttl, answer));
  }

  @Override
  public @Nullable String takeAnswer(String session, String id) {
    return redis.run(on -> on.getdel(keys.answer(session, id)));
  }

  @Override
  public void asked(String session, JobId job, String key, String id) {
    var _ =
        redis.texts(ASKED, List.of(keys.asked(session, job.value())), key, id, Long.toString(ttl));
  }

  @Override
  public @Nullable String lastAsked(String session, JobId job, String key) {
    return redis.run(on -> on.hget(keys.asked(session, job.value()), key));
  }
}
