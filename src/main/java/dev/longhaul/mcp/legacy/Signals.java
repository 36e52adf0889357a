package dev.longhaul.mcp.legacy;

import dev.longhaul.thread.Waiters;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Signals between the processes of one installation, over one {@link SignalChannel}: a stream has a
 * new message or another owner, an answer has arrived, a request is cancelled. A signal can get
 * lost; code that waits for one must also read the store periodically, and whenever the
 * subscription was renewed.
 */
public final class Signals implements SignalChannel.Listener {
  private static final String CANCEL = "cancel ";
  private static final String TIMED_OUT = "timed-out ";

  private final SignalChannel channel;
  private final Waiters<String, Runnable> waiting = new Waiters<>();
  private final ConcurrentHashMap<String, PendingPing> pendingPings = new ConcurrentHashMap<>();
  private final CountDownLatch subscribed = new CountDownLatch(1);
  private volatile String own = "";
  private volatile Consumer<String> pingListener = this::pong;
  private volatile Consumer<Cancelled> cancelled = _ -> {};
  private volatile @Nullable SessionCache sessions;

  Signals(SignalChannel channel) {
    this.channel = channel;
  }

  /** Subscribes to the signals. */
  void start() {
    channel.listen(this);
  }

  /** A stream has a new message. */
  public static String message(StreamRef stream) {
    return "message " + stream;
  }

  /** A stream has another owner. */
  public static String taken(StreamRef stream) {
    return "taken " + stream;
  }

  /** A session has ended. */
  static String ended(String session) {
    return "ended " + session;
  }

  /** A session has changed. */
  static String changed(String session) {
    return "changed " + session;
  }

  /** A session has subscribed to a resource, or to one less. */
  static String subscribed(String session) {
    return "subscribed " + session;
  }

  /** A client has answered. */
  static String answered(String session, String requestId) {
    return "answer " + session + ":" + requestId;
  }

  /** A client has cancelled a request. */
  static String cancelled(InFlight.Key request, boolean timedOut) {
    return (timedOut ? TIMED_OUT : CANCEL) + request;
  }

  private static final String PING = "lives? ";

  /** Asks a process whether it is alive. */
  static String ping(String process, String question) {
    return PING + process + " " + question;
  }

  private static final String PONG = "lives ";

  /** The response to a ping. */
  private static String pongSignal(String question) {
    return PONG + question;
  }

  /** A pending ping. */
  interface PendingPing {
    /** The process has responded. */
    void ponged();

    /** The response may have been lost with the subscription: the ping has to be sent again. */
    void resend();
  }

  /** Reports the response to a ping until the registration is closed. */
  Waiters.Waiting onPong(String question, PendingPing ping) {
    pendingPings.put(pongSignal(question), ping);
    return () -> pendingPings.remove(pongSignal(question));
  }

  /** Waits until the first subscription is active. */
  boolean awaitSubscribed(Duration limit) throws InterruptedException {
    return subscribed.await(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Sets the name of this process and the listener for its pings.
   *
   * @param pingListener must respond with {@link #pong} and must not block
   */
  void onPing(String process, Consumer<String> pingListener) {
    own = process;
    this.pingListener = pingListener;
  }

  /** Responds to a ping. */
  void pong(String question) {
    publish(pongSignal(question));
  }

  /**
   * A request that its client has cancelled.
   *
   * @param key the text of {@link InFlight.Key#toString}
   * @param timedOut whether the client cancelled because of its own time-out
   */
  record Cancelled(String key, boolean timedOut) {}

  /** Sets the listener for cancelled requests. */
  void onCancelled(Consumer<Cancelled> listener) {
    cancelled = listener;
  }

  /** Sets the cache that is invalidated when sessions change or end. */
  void onSessionChanged(SessionCache listener) {
    sessions = listener;
  }

  /** Sends a signal to every process, including this one. */
  void publish(String signal) {
    channel.publish(signal);
  }

  /** Runs the action at each such signal until the registration is closed; it must not block. */
  Waiters.Waiting on(String signal, Runnable action) {
    return waiting.add(signal, action);
  }

  @Override
  public void heard(String signal) {
    if (signal.startsWith(PING)) {
      String mine = PING + own + " ";
      if (signal.startsWith(mine)) {
        pingListener.accept(signal.substring(mine.length()));
      }
      return;
    }
    if (signal.startsWith(PONG)) {
      PendingPing ping = pendingPings.get(signal);
      if (ping != null) {
        ping.ponged();
      }
      return;
    }
    if (signal.startsWith(CANCEL)) {
      cancelled.accept(new Cancelled(signal.substring(CANCEL.length()), false));
      return;
    }
    if (signal.startsWith(TIMED_OUT)) {
      cancelled.accept(new Cancelled(signal.substring(TIMED_OUT.length()), true));
      return;
    }
    SessionCache hot = sessions;
    if (hot != null && (signal.startsWith("ended ") || signal.startsWith("changed "))) {
      hot.forget(signal.substring(signal.indexOf(' ') + 1));
    }
    waiting.of(signal).forEach(Runnable::run);
  }

  // Signals may have been lost during an outage, so every waiter reads the store.
  @Override
  public void subscribed() {
    subscribed.countDown();
    SessionCache hot = sessions;
    if (hot != null) {
      hot.forgetAll();
    }
    waiting.forEach(Runnable::run);
    pendingPings.values().forEach(PendingPing::resend);
  }
}
