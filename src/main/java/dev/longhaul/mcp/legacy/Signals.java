package dev.longhaul.mcp.legacy;

import dev.longhaul.thread.Waiters;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hints between the processes that serve one installation, over one {@link SignalChannel}: a stream
 * has a new message or another owner, an answer has come, a request is cancelled. A hint can get
 * lost; whoever waits for one looks into the store now and then without it, and whenever the
 * subscription was renewed.
 */
public final class Signals implements SignalChannel.Listener {
  private static final String CANCEL = "cancel ";
  private static final String TIMED_OUT = "timed-out ";

  private final SignalChannel channel;
  private final Waiters<String, Runnable> waiting = new Waiters<>();
  private final ConcurrentHashMap<String, Asking> asking = new ConcurrentHashMap<>();
  private final CountDownLatch subscribed = new CountDownLatch(1);
  private volatile String own = "";
  private volatile Consumer<String> asked = this::answer;
  private volatile Consumer<Cancelled> cancelled = _ -> {};
  private volatile @Nullable HotSessions sessions;

  Signals(SignalChannel channel) {
    this.channel = channel;
  }

  /** From now on signals are heard here. */
  void start() {
    channel.listen(this);
  }

  /** A new message in a stream. */
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

  /** A session is not what it was. */
  static String changed(String session) {
    return "changed " + session;
  }

  /** A client has answered. */
  static String answered(String session, String requestId) {
    return "answer " + session + ":" + requestId;
  }

  /** A client has cancelled a request. */
  static String cancelled(InFlight.Key request, boolean timedOut) {
    return (timedOut ? TIMED_OUT : CANCEL) + request;
  }

  private static final String ASKS_WHETHER_LIVES = "lives? ";

  /** Whether a process lives is asked. */
  static String asksWhetherLives(String process, String question) {
    return ASKS_WHETHER_LIVES + process + " " + question;
  }

  private static final String LIVES = "lives ";

  /** The process that was asked lives. */
  private static String lives(String question) {
    return LIVES + question;
  }

  /** Who asks whether a process lives. */
  interface Asking {
    /** It has answered. */
    void answered();

    /** An answer may have been lost while the subscription was: it has to be asked again. */
    void again();
  }

  /** Tells of the answer to a question until it is closed. */
  Waiters.Waiting onAnswer(String question, Asking whoAsks) {
    asking.put(lives(question), whoAsks);
    return () -> asking.remove(lives(question));
  }

  /** Waits until signals can be heard here at all, as after a start. */
  boolean awaitSubscribed(Duration limit) throws InterruptedException {
    return subscribed.await(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * From now on the question whether the process of this name lives is heard.
   *
   * @param asked is told each question; it has to {@link #answer} and to be quick
   */
  void answersFor(String process, Consumer<String> asked) {
    own = process;
    this.asked = asked;
  }

  /** Answers the question whether this process lives. */
  void answer(String question) {
    publish(lives(question));
  }

  /**
   * A request that its client has cancelled.
   *
   * @param key what {@link InFlight.Key#toString} gives
   * @param timedOut whether the client said that its own time-out was over
   */
  record Cancelled(String key, boolean timedOut) {}

  /** Who hears of cancelled requests. */
  void onCancelled(Consumer<Cancelled> listener) {
    cancelled = listener;
  }

  /** Who hears of sessions that ended or changed. */
  void onSessionChanged(HotSessions listener) {
    sessions = listener;
  }

  /** Tells every process, this one too. */
  void publish(String signal) {
    channel.publish(signal);
  }

  /** Calls the action at each such signal until it is closed; it must be quick. */
  Waiters.Waiting on(String signal, Runnable action) {
    return waiting.add(signal, action);
  }

  @Override
  public void heard(String signal) {
    if (signal.startsWith(ASKS_WHETHER_LIVES)) {
      String mine = ASKS_WHETHER_LIVES + own + " ";
      if (signal.startsWith(mine)) {
        asked.accept(signal.substring(mine.length()));
      }
      return;
    }
    if (signal.startsWith(LIVES)) {
      Asking whoAsks = asking.get(signal);
      if (whoAsks != null) {
        whoAsks.answered();
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
    HotSessions hot = sessions;
    if (hot != null && (signal.startsWith("ended ") || signal.startsWith("changed "))) {
      hot.forget(signal.substring(signal.indexOf(' ') + 1));
    }
    waiting.of(signal).forEach(Runnable::run);
  }

  // Also after an outage: whatever was said meanwhile is lost, so everyone looks for himself.
  @Override
  public void subscribed() {
    subscribed.countDown();
    HotSessions hot = sessions;
    if (hot != null) {
      hot.forgetAll();
    }
    waiting.forEach(Runnable::run);
    asking.values().forEach(Asking::again);
  }
}
