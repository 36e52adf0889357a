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

/** Runs scripts by EVALSHA, and by EVAL if Redis does not have them. */
public final class Scripts {
  private static final String[] NO_VALUES = {};

  private Scripts() {}

  /** Runs a script that returns a list. */
  public static CompletableFuture<List<Object>> list(
      RedisClusterAsyncCommands<String, String> redis,
      LuaScript script,
      String key,
      List<String> args) {
    return run(redis, script, ScriptOutputType.MULTI, List.of(key), args.toArray(NO_VALUES));
  }

  /** Runs a script that returns a number. */
  public static CompletableFuture<Long> number(
      RedisClusterAsyncCommands<String, String> redis,
      LuaScript script,
      String key,
      List<String> args) {
    return run(redis, script, ScriptOutputType.INTEGER, List.of(key), args.toArray(NO_VALUES));
  }

  /** Runs a script that returns a string. */
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
   * @param type the type of its result
   * @param keys the keys that it uses; in a cluster they are in one slot
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
   * @param again the connection for EVAL if Redis does not have the script
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
    // The caller has given up. A command that Lettuce still holds for an unavailable node must not
    // run later: it would claim jobs that no worker runs.
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

  /** Whether a script failed only because Redis does not have it. */
  public static boolean isNoScript(Throwable e) {
    return e instanceof RedisNoScriptException
        || (e instanceof CompletionException && e.getCause() instanceof RedisNoScriptException);
  }
}
