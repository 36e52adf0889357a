package dev.longhaul.gateway.redis;

import dev.longhaul.gateway.catalog.SubscriptionStore;
import dev.longhaul.redis.Channels;
import dev.longhaul.redis.KeyTags;
import dev.longhaul.redis.RedisConnections;
import dev.longhaul.thread.Threads;
import io.lettuce.core.SetArgs;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/** Stores one string per process; docs/redis-layout.md describes the keys. */
public final class RedisSubscriptionStore implements SubscriptionStore {
  /** How long a process is believed to live after it has last told what it wants. */
  private static final Duration TTL = Duration.ofSeconds(60);

  private final RedisConnections redis;
  private final Channels channels;
  private final GatewayKeys keys;
  private final String process = UUID.randomUUID().toString();

  public RedisSubscriptionStore(RedisConnections redis, Channels channels, KeyTags tags) {
    this.redis = redis;
    this.channels = channels;
    this.keys = GatewayKeys.of(tags);
  }

  @Override
  public String process() {
    return process;
  }

  @Override
  public Map<String, String> wanted() {
    Map<String, String> wanted = new HashMap<>();
    for (String each : redis.run(on -> on.smembers(keys.wanting()))) {
      String text = redis.run(on -> on.get(keys.wanted(each)));
      if (text != null) {
        wanted.put(each, text);
      } else {
        var _ = redis.run(on -> on.srem(keys.wanting(), each));
      }
    }
    return wanted;
  }

  @Override
  public void want(String text) {
    var _ = redis.run(on -> on.set(keys.wanted(process), text, SetArgs.Builder.ex(TTL)));
    var _ = redis.run(on -> on.sadd(keys.wanting(), process));
  }

  @Override
  public void wantNothing() {
    var _ = redis.run(on -> on.del(keys.wanted(process)));
    var _ = redis.run(on -> on.srem(keys.wanting(), process));
  }

  @Override
  public void send(String message) {
    channels.publish(keys.subscriptions(), process + " " + message);
  }

  @Override
  public void onMessage(Consumer<String> listener) {
    channels.hear(
        keys.subscriptions(),
        new Channels.Listener() {
          @Override
          public void message(String text) {
            int space = text.indexOf(' ');
            if (space > 0 && !text.substring(0, space).equals(process)) {
              Threads.virtual(
                  "longhaul-upstream-subscriptions",
                  () -> listener.accept(text.substring(space + 1)));
            }
          }

          @Override
          public void subscribed() {}
        });
  }
}
