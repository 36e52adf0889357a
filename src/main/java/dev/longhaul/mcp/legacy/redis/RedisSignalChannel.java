package dev.longhaul.mcp.legacy.redis;

import dev.longhaul.mcp.legacy.SignalChannel;
import dev.longhaul.redis.Channels;
import dev.longhaul.thread.Threads;

/** Carries signals by Redis publish and subscribe. */
final class RedisSignalChannel implements SignalChannel {
  private static final String THREAD = "longhaul-mcp-heard";

  private final Channels channels;
  private final String channel;

  RedisSignalChannel(Channels channels, LegacyKeys keys) {
    this.channels = channels;
    this.channel = keys.signals();
  }

  @Override
  public void publish(String signal) {
    channels.publish(channel, signal);
  }

  // In separate threads, because listeners may call Redis.
  @Override
  public void listen(Listener listener) {
    channels.hear(
        channel,
        new Channels.Listener() {
          @Override
          public void message(String text) {
            var _ = Threads.virtual(THREAD, () -> listener.heard(text));
          }

          @Override
          public void subscribed() {
            var _ = Threads.virtual(THREAD, listener::subscribed);
          }
        });
  }
}
