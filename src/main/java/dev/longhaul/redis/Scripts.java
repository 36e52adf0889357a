package dev.longhaul.redis;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

/** Runs scripts by their digest, and by their text where Redis has forgotten them. */
public final class Scripts {
  private static final String[] NO_VALUES = {};

  private Scripts() {}

  /** Runs a script that answers with a list. */
  public static CompletableFuture<List<Object>> list(
      RedisClusterAsyncCommands<String, String> redis,
      LuaScript script,
      String key,
      List<String> args) {
    return run(redis, script, ScriptOutputType.MULTI, List.of(key), args.toArray(NO_VALUES));
  }

  /** Runs a script that answers with a number. */
  public static CompletableFuture<Long> number(
      RedisClusterAsyncCommands<String, String> redis,
      LuaScript script,
      String key,
      List<String> args) {
    return run(redis, script, ScriptOutputType.INTEGER, List.of(key), args.toArray(NO_VALUES));
  }

  /** Runs a script that answers with a text. */
  public static CompletableFuture<String> text(
      RedisClusterAsyncCommands<String, String> redis,
      LuaScript script,
      String key,
      List<String> args) {
    return run(redis, script, ScriptOutputType.VALUE, List.of(key), args.toArray(NO_VALUES));
  }

  /**
   * Runs a script.
   *
   * @param type what it answers with
   * @param keys the keys it touches; in a cluster they lie in one slot
   */
  public static <T, V> CompletableFuture<T> run(
      RedisClusterAsyncCommands<String, V> redis,
      LuaScript script,
      ScriptOutputType type,
      List<String> keys,
      V[] values) {
    return run(redis, redis, script, type, keys, values);
  }

  /**
   * Runs a script.
   *
   * @param again the connection that its text is sent on if Redis has forgotten it
   */
  public static <T, V> CompletableFuture<T> run(
      RedisClusterAsyncCommands<String, V> redis,
      RedisClusterAsyncCommands<String, V> again,
      LuaScript script,
      ScriptOutputType type,
      List<String> keys,
      V[] values) {
    String[] names = keys.toArray(NO_VALUES);
    RedisFuture<T> sent = redis.evalsha(script.sha(), type, names, values);
    CompletableFuture<T> answer =
        sent.toCompletableFuture()
            .exceptionallyCompose(e ->
                isNoScript(e)
                    ? again.<T>eval(script.source(), type, names, values).toCompletableFuture()
                    : CompletableFuture.failedFuture(e));
    // Nobody waits for it any more: what Lettuce still holds back for a node that is away must not
    // run when it is there again, as claims for nobody would.
    var _ =
        answer.whenComplete((_, e) -> {
          if (e instanceof TimeoutException
              || e instanceof CancellationException
              || e instanceof RedisUnavailableException) {
            sent.cancel(true);
          }
        });
    return answer;
  }

  /** Whether a script failed only because Redis does not know it. */
  public static boolean isNoScript(Throwable e) {
    return e instanceof RedisNoScriptException
        || (e instanceof CompletionException && e.getCause() instanceof RedisNoScriptException);
  }
}
