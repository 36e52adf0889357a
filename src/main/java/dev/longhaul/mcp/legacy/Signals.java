package dev.longhaul.mcp.legacy;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.Message;
import org.springframework.data.redis.connection.MessageListener;
import org.springframework.data.redis.connection.SubscriptionListener;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * Hints between the processes that serve one installation, over one channel: a stream has a new
 * message, an answer has come, a request is cancelled. A hint can get lost; whoever waits for one
 * looks into Redis now and then without it, and whenever the subscription was renewed.
 */
public final class Signals implements MessageListener, SubscriptionListener {
  private final StringRedisTemplate redis;
  private final String channel;
  private final ConcurrentHashMap<String, Set<Runnable>> waiting = new ConcurrentHashMap<>();
  private volatile Consumer<String> cancelled = _ -> {};
  private volatile @Nullable HotSessions sessions;

  Signals(StringRedisTemplate redis, LegacyKeys keys) {
    this.redis = redis;
    this.channel = keys.signals();
  }

  /** The channel to subscribe this to. */
  public String channel() {
    return channel;
  }

  /** A new message in a stream. */
  static String message(StreamRef stream) {
    return "message " + stream;
  }

  /** A session has ended. */
  static String ended(String session) {
    return "ended " + session;
  }

  /** A session is not what it was. */
  static String changed(String session) {
    return "changed " + session;
  }

  /** A client has answered. */
  static String answered(String session, String requestId) {
    return "answer " + session + ":" + requestId;
  }

  /** A client has cancelled a request. */
  static String cancelled(InFlight.Key request) {
    return "cancel " + request;
  }

  /** Who hears of cancelled requests: gets what {@link InFlight.Key#toString} gives. */
  void onCancelled(Consumer<String> listener) {
    cancelled = listener;
  }

  /** Who hears of sessions that ended or changed. */
  void onSessionChanged(HotSessions listener) {
    sessions = listener;
  }

  /** Tells every process, this one too. */
  void publish(String signal) {
    redis.convertAndSend(channel, signal);
  }

  /** Calls the action at each such signal until it is closed; it must be quick. */
  Listening on(String signal, Runnable action) {
    waiting.compute(
        signal,
        (_, actions) -> {
          Set<Runnable> all = actions == null ? ConcurrentHashMap.newKeySet() : actions;
          all.add(action);
          return all;
        });
    return () ->
        waiting.computeIfPresent(
            signal,
            (_, actions) -> {
              actions.remove(action);
              return actions.isEmpty() ? null : actions;
            });
  }

  /** Ends hearing. */
  @FunctionalInterface
  interface Listening extends AutoCloseable {
    @Override
    void close();
  }

  @Override
  public void onMessage(Message message, byte @Nullable [] pattern) {
    String signal = new String(message.getBody(), StandardCharsets.UTF_8);
    if (signal.startsWith("cancel ")) {
      cancelled.accept(signal.substring("cancel ".length()));
      return;
    }
    HotSessions hot = sessions;
    if (hot != null && (signal.startsWith("ended ") || signal.startsWith("changed "))) {
      hot.forget(signal.substring(signal.indexOf(' ') + 1));
    }
    Set<Runnable> actions = waiting.get(signal);
    if (actions != null) {
      actions.forEach(Runnable::run);
    }
  }

  // Also after an outage: whatever was said meanwhile is lost, so everyone looks for himself.
  @Override
  public void onChannelSubscribed(byte[] subscribed, long count) {
    HotSessions hot = sessions;
    if (hot != null) {
      hot.forgetAll();
    }
    waiting.values().forEach(actions -> actions.forEach(Runnable::run));
  }
}
