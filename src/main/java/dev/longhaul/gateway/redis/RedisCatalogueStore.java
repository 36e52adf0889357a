package dev.longhaul.gateway.redis;

import dev.longhaul.gateway.catalog.CatalogueStore;
import dev.longhaul.redis.Channels;
import dev.longhaul.redis.KeyTags;
import dev.longhaul.redis.RedisConnections;
import dev.longhaul.thread.Threads;
import io.lettuce.core.KeyValue;
import io.lettuce.core.SetArgs;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/** Keeps what is known of upstreams in Redis; docs/redis-layout.md describes the keys. */
public final class RedisCatalogueStore implements CatalogueStore {
  /** How long a process is believed to live after its last view. */
  public static final Duration VIEW_TTL = Duration.ofSeconds(60);

  private final RedisConnections redis;
  private final Channels channels;
  private final GatewayKeys keys;
  private final String process = UUID.randomUUID().toString();

  public RedisCatalogueStore(RedisConnections redis, Channels channels, KeyTags tags) {
    this.redis = redis;
    this.channels = channels;
    this.keys = GatewayKeys.of(tags);
  }

  @Override
  public Map<String, String> versions() {
    return redis.run(on -> on.hgetall(keys.versions()));
  }

  @Override
  public Map<String, String> read(Collection<String> upstreams) {
    Map<String, String> found = new HashMap<>();
    if (!upstreams.isEmpty()) {
      for (KeyValue<String, String> each :
          redis.run(on -> on.hmget(keys.catalogue(), upstreams.toArray(String[]::new)))) {
        if (each.hasValue()) {
          found.put(each.getKey(), each.getValue());
        }
      }
    }
    return found;
  }

  // The version last, so that whoever sees it reads at least this content.
  @Override
  public void write(String upstream, String text) {
    var _ = redis.run(on -> on.hset(keys.catalogue(), upstream, text));
    var _ = redis.run(on -> on.hset(keys.versions(), upstream, UUID.randomUUID().toString()));
  }

  @Override
  public void remove(String upstream) {
    var _ = redis.run(on -> on.hdel(keys.versions(), upstream));
    var _ = redis.run(on -> on.hdel(keys.catalogue(), upstream));
  }

  @Override
  public Set<String> switchedOff() {
    return redis.run(on -> on.smembers(keys.switchedOff()));
  }

  @Override
  public void switchOff(String upstream, boolean off) {
    var _ =
        redis.run(on ->
            off ? on.sadd(keys.switchedOff(), upstream) : on.srem(keys.switchedOff(), upstream));
  }

  @Override
  public Map<String, String> views() {
    Map<String, String> views = new HashMap<>();
    for (String each : redis.run(on -> on.smembers(keys.processes()))) {
      String view = redis.run(on -> on.get(keys.view(each)));
      if (view != null) {
        views.put(each, view);
      } else {
        var _ = redis.run(on -> on.srem(keys.processes(), each));
      }
    }
    return views;
  }

  @Override
  public void view(String text) {
    var _ = redis.run(on -> on.set(keys.view(process), text, SetArgs.Builder.ex(VIEW_TTL)));
    var _ = redis.run(on -> on.sadd(keys.processes(), process));
  }

  @Override
  public void noView() {
    var _ = redis.run(on -> on.del(keys.view(process)));
  }

  @Override
  public void command(String text) {
    channels.publish(keys.commands(), process + " " + text);
  }

  @Override
  public void onCommand(Consumer<String> listener) {
    channels.hear(
        keys.commands(),
        new Channels.Listener() {
          @Override
          public void message(String text) {
            int space = text.indexOf(' ');
            if (space > 0 && !text.substring(0, space).equals(process)) {
              Threads.virtual(
                  "longhaul-upstreams", () -> listener.accept(text.substring(space + 1)));
            }
          }

          @Override
          public void subscribed() {}
        });
  }
}
