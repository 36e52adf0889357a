package dev.longhaul.queue.redis;

import dev.longhaul.queue.QueueUnavailableException;
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
final class Scripts {
  private Scripts() {}

  /** Runs a script that answers with a list. */
  static CompletableFuture<List<Object>> list(
      RedisClusterAsyncCommands<String, String> redis,
      Script script,
      String tag,
      List<String> args) {
    return run(redis, script, ScriptOutputType.MULTI, tag, args);
  }

  /** Runs a script that answers with a number. */
  static CompletableFuture<Long> number(
      RedisClusterAsyncCommands<String, String> redis,
      Script script,
      String tag,
      List<String> args) {
    return run(redis, script, ScriptOutputType.INTEGER, tag, args);
  }

  /** Runs a script that answers with a text. */
  static CompletableFuture<String> text(
      RedisClusterAsyncCommands<String, String> redis,
      Script script,
      String tag,
      List<String> args) {
    return run(redis, script, ScriptOutputType.VALUE, tag, args);
  }

  private static <T> CompletableFuture<T> run(
      RedisClusterAsyncCommands<String, String> redis,
      Script script,
      ScriptOutputType type,
      String tag,
      List<String> args) {
    String[] keys = {tag};
    String[] values = args.toArray(new String[0]);
    RedisFuture<T> sent = redis.evalsha(script.sha(), type, keys, values);
    CompletableFuture<T> answer =
        sent.toCompletableFuture()
            .exceptionallyCompose(e ->
                isNoScript(e)
                    ? redis.<T>eval(script.source(), type, keys, values).toCompletableFuture()
                    : CompletableFuture.failedFuture(e));
    // Nobody waits for it any more: what Lettuce still holds back for a node that is away must not
    // run when it is there again, as claims for nobody would.
    var _ =
        answer.whenComplete((_, e) -> {
          if (e instanceof TimeoutException
              || e instanceof CancellationException
              || e instanceof QueueUnavailableException) {
            sent.cancel(true);
          }
        });
    return answer;
  }

  static boolean isNoScript(Throwable e) {
    return e instanceof RedisNoScriptException
        || (e instanceof CompletionException && e.getCause() instanceof RedisNoScriptException);
  }
}
