package dev.longhaul.gateway.call;

import dev.longhaul.catalog.NotBegunException;
import dev.longhaul.gateway.call.Follower.Wish;
import dev.longhaul.gateway.catalog.UpstreamLinks.Live;
import dev.longhaul.gateway.catalog.UpstreamLinks.Phase;
import dev.longhaul.gateway.config.Connection;
import dev.longhaul.gateway.config.UpstreamConfig;
import dev.longhaul.gateway.config.UpstreamConfig.SessionScope;
import dev.longhaul.gateway.rpc.CallerRefusedException;
import dev.longhaul.gateway.rpc.UpstreamLostException;
import dev.longhaul.gateway.session.OnBehalf;
import dev.longhaul.gateway.session.SessionListener;
import dev.longhaul.gateway.session.Sessions;
import dev.longhaul.gateway.session.UpstreamSession;
import dev.longhaul.thread.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The sessions of this process with one upstream. A session is opened when it is first needed and
 * replaced when it has ended. While the upstream cannot be reached, calls fail at once, until it is
 * tried again after a wait that grows with each failure.
 */
final class UpstreamLine {
  private static final Logger log = LoggerFactory.getLogger(UpstreamLine.class);

  /** After so long a session counts as healthy: if it ends then, it is replaced at once. */
  private static final Duration HEALTHY = Duration.ofMinutes(1);

  /** How long a session of a caller stays open without a call. */
  private static final Duration CALLER_IDLE = Duration.ofMinutes(10);

  /** How long a process that was started for a look at its lists stays without a call. */
  private static final Duration LOOK_IDLE = Duration.ofMinutes(1);

  /** How long a call waits for a session that others use. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

  /** After what time a call that waited in vain is tried again. */
  private static final Duration BUSY = Duration.ofSeconds(1);

  /** How long a shared session over HTTP that does not listen to changes stays without a call. */
  private static final Duration HTTP_IDLE = Duration.ofHours(1);

  /** How many processes an upstream with a session for each caller has, unless configured. */
  private static final int CALLER_PROCESSES = 16;

  /** How many HTTP sessions an upstream has at once. */
  private static final int HTTP_SESSIONS = 100;

  private final String name;
  private final Sessions sessions;
  private final HeldUpstreams held;
  private final SessionListener listener;
  private final LongSupplier nanos;
  private final Backoff backoff;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by the lock.
  private final List<Entry> entries = new ArrayList<>();
  private UpstreamConfig config;
  private boolean removed;
  private boolean following;
  private @Nullable Entry followed; // the session that listens to changes
  private final WantedResources resources = new WantedResources();
  private int restarts;
  private @Nullable String lastError;
  private UpstreamSession.@Nullable Facts facts;

  /** Uses a session. */
  interface Use<T> {
    T in(UpstreamSession session) throws InterruptedException;
  }

  /**
   * Whose session it is.
   *
   * @param caller the caller; empty for a shared session
   * @param capabilities what a legacy upstream is told that its client can be asked
   * @param behalf for whom it is, where the upstream learns that; else null
   */
  record Who(String caller, ObjectNode capabilities, @Nullable OnBehalf behalf) {
    Who(String caller, ObjectNode capabilities) {
      this(caller, capabilities, null);
    }
  }

  /** A session, or one that is being opened. */
  private static final class Entry {
    private final Who who;
    private final boolean process;
    private @Nullable UpstreamSession session;
    private @Nullable Thread opener;
    private @Nullable UpstreamLostException refusal;
    private int calls;
    private boolean called;
    private @Nullable Follower follower;
    private boolean retired;
    private boolean closing;
    private long openedAt;
    private long usedAt;

    private Entry(Who who, boolean process, long now) {
      this.who = who;
      this.process = process;
      this.openedAt = now;
      this.usedAt = now;
    }

    private boolean usable() {
      return session != null && !retired && !closing;
    }

    private boolean idle() {
      return session != null && calls == 0 && !closing;
    }
  }

  UpstreamLine(
      UpstreamConfig config,
      Sessions sessions,
      HeldUpstreams held,
      SessionListener listener,
      Backoff backoff,
      LongSupplier nanos) {
    this.name = config.name();
    this.config = config;
    this.sessions = sessions;
    this.held = held;
    this.listener = listener;
    this.backoff = backoff;
    this.nanos = nanos;
  }

  String name() {
    return name;
  }

  UpstreamConfig config() {
    lock.lock();
    try {
      return config;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Runs a request in a session, and opens one if there is none.
   *
   * @param call whether it is a call and not only a look at the upstream
   * @throws UpstreamUnavailableException if there is no session, so that nothing was sent
   * @throws NotBegunException if others use the sessions, so that nothing was sent
   */
  <T> T use(Who who, boolean call, Use<T> use) throws InterruptedException {
    Entry entry = take(who, call);
    UpstreamSession session = entry.session;
    if (session == null) {
      throw new IllegalStateException("a session that was taken is open");
    }
    boolean worked = false;
    try {
      T result = use.in(session);
      worked = true;
      return result;
    } catch (UpstreamLostException e) {
      lost(entry, e);
      throw e;
    } finally {
      release(entry, worked);
    }
  }

  private Entry take(Who who, boolean call) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long until = nanos.getAsLong() + LONGEST_WAIT.toNanos();
      Entry opened = null;
      while (true) {
        refuseIfRemoved();
        if (opened != null && opened.refusal != null) {
          throw opened.refusal;
        }
        if (closeFirst(entry -> entry.session != null && !entry.session.isAlive())) {
          continue;
        }
        Entry free = free(who);
        if (free != null && !mayAdd(who)) {
          if (!free.process) {
            refuseIfUnreachable(); // a session over HTTP stays although nothing answers
          }
          free.calls++;
          free.called |= call;
          return free;
        }
        if (mayAdd(who)) {
          opened = open(who);
        } else if (isOpen(who) || !closeFirst(entry -> entry.idle() && !entry.who.equals(who))) {
          if (isOpening(who)) {
            changed.await(); // not for long: the start has a limit
            until = nanos.getAsLong() + LONGEST_WAIT.toNanos();
          } else if (nanos.getAsLong() - until >= 0) {
            throw busy();
          } else {
            var _ = changed.awaitNanos(LONGEST_WAIT.toNanos());
          }
        }
      }
    } finally {
      lock.unlock();
    }
  }

  // Who waits has a place in the worker, which others need.
  private NotBegunException busy() {
    return new NotBegunException(
        "Upstream " + name + " is busy with other calls; this one was not sent.", BUSY);
  }

  private boolean isOpening(Who who) {
    return entries.stream()
        .anyMatch(entry -> entry.session == null && !entry.retired && entry.who.equals(who));
  }

  private void refuseIfRemoved() {
    if (removed) {
      throw new UpstreamUnavailableException("Upstream " + name + " is switched off.");
    }
    if (config.queue() != null && !held.holds(name)) {
      throw new UpstreamUnavailableException(
          "Upstream " + name + " runs in another process now; the call was not sent.");
    }
  }

  private void refuseIfUnreachable() {
    Duration left = backoff.left(nanos.getAsLong());
    if (left.isPositive()) {
      throw new UpstreamUnavailableException(
          "Upstream "
              + name
              + " is not available: "
              + lastError
              + " It is tried again in "
              + (left.toSeconds() + 1)
              + " s; the call was not sent.");
    }
  }

  private boolean isProcess() {
    return config.connection() instanceof Connection.Command;
  }

  // A request of such an upstream to its client does not say to which call it belongs.
  private boolean oneCallAtATime() {
    return isProcess() && config.session() == SessionScope.CALLER;
  }

  private @Nullable Entry free(Who who) {
    return entries.stream()
        .filter(entry -> entry.usable() && entry.who.equals(who))
        .filter(entry -> entry.calls == 0 || !oneCallAtATime())
        .min(Comparator.comparingInt(entry -> entry.calls))
        .orElse(null);
  }

  private boolean isOpen(Who who) {
    return entries.stream().anyMatch(entry -> !entry.retired && entry.who.equals(who));
  }

  /** Whether another session should be opened for this use. */
  private boolean mayAdd(Who who) {
    // Processes that end their last calls still count: two could corrupt what they store.
    long there = entries.stream().filter(entry -> entry.process || !entry.retired).count();
    if (there >= most()) {
      return false;
    }
    if (config.session() == SessionScope.CALLER || config.instances() == 1) {
      return !isOpen(who);
    }
    return entries.stream()
        .filter(entry -> !entry.retired && entry.who.equals(who))
        .allMatch(entry -> entry.session != null && entry.calls > 0);
  }

  private int most() {
    if (!isProcess()) {
      return HTTP_SESSIONS;
    }
    return config.session() == SessionScope.CALLER && config.instances() == 1
        ? CALLER_PROCESSES
        : config.instances();
  }

  // In a thread of its own: a caller that does not wait any longer must not end it for others.
  private Entry open(Who who) {
    refuseIfUnreachable();
    UpstreamConfig opened = config;
    long term = held.term(name);
    Entry entry = new Entry(who, isProcess(), nanos.getAsLong());
    entries.add(entry);
    entry.opener =
        Threads.virtual("longhaul-upstream-open-" + name, () -> open(entry, opened, term));
    return entry;
  }

  private void open(Entry entry, UpstreamConfig opened, long term) {
    UpstreamSession session = null;
    RuntimeException failure = null;
    try {
      session = sessions.open(opened, listener, entry.who.capabilities, entry.who.behalf);
    } catch (InterruptedException e) {
      log.debug("Upstream {} is stopped while it starts", name);
    } catch (RuntimeException e) {
      failure = e;
    }
    lock.lock();
    try {
      entry.opener = null;
      if (failure instanceof UpstreamLostException lost && refusesCaller(entry, lost)) {
        entry.refusal = lost;
        log.info("A session with upstream {} was refused to its caller: {}", name, text(lost));
      } else if (failure != null) {
        lastError = text(failure);
        backoff.failed(nanos.getAsLong());
        log.warn("Upstream {} could not be reached: {}", name, lastError);
      }
      boolean lost = opened.queue() != null && held.term(name) != term;
      if (session == null || entry.retired || lost) {
        entry.closing = true;
        lock.unlock();
        try {
          closeQuietly(session);
        } finally {
          lock.lock();
          entries.remove(entry);
        }
      } else {
        entry.session = session;
        entry.follower = new Follower(name, session, wish -> followed(entry, wish), nanos);
        entry.openedAt = nanos.getAsLong();
        entry.usedAt = entry.openedAt;
        facts = session.facts();
        followOne();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  // Others may still be served.
  private static boolean refusesCaller(Entry entry, UpstreamLostException e) {
    return e instanceof CallerRefusedException
        || (entry.who.behalf != null && !e.sent() && (e.status() == 401 || e.status() == 403));
  }

  private static String text(Throwable e) {
    String message = e.getMessage();
    String text = message == null ? e.getClass().getSimpleName() : message;
    return text.endsWith(".") ? text : text + ".";
  }

  private void lost(Entry entry, UpstreamLostException e) {
    lock.lock();
    try {
      if (refusesCaller(entry, e)) {
        return;
      }
      lastError = text(e);
      if (!entry.process && (!e.sent() || e.status() >= 500)) {
        backoff.failed(nanos.getAsLong());
      }
    } finally {
      lock.unlock();
    }
  }

  private void release(Entry entry, boolean worked) {
    lock.lock();
    try {
      if (worked && !entry.process) {
        backoff.worked();
      }
      entry.calls--;
      entry.usedAt = nanos.getAsLong();
      boolean ofOneJob = entry.who.behalf != null && entry.who.behalf.job() != null;
      if ((entry.retired || ofOneJob) && entry.idle()) {
        close(entry);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private boolean closeFirst(Predicate<Entry> which) {
    Entry found =
        entries.stream()
            .filter(entry -> !entry.closing && which.test(entry))
            .min(Comparator.comparing(this::bringsUpdates).thenComparingLong(entry -> entry.usedAt))
            .orElse(null);
    if (found == null) {
      return false;
    }
    close(found);
    return true;
  }

  // Called with the lock, which is free while the session closes.
  private void close(Entry entry) {
    UpstreamSession session = entry.session;
    entry.closing = true;
    if (session != null && !session.isAlive() && !entry.retired) {
      ended(entry);
    }
    lock.unlock();
    try {
      closeQuietly(session);
    } finally {
      lock.lock();
      entries.remove(entry);
      followOne();
      changed.signalAll();
    }
  }

  private void ended(Entry entry) {
    long now = nanos.getAsLong();
    Duration lived = Duration.ofNanos(now - entry.openedAt);
    restarts++;
    if (lastError == null) {
      lastError = "Its session has ended.";
    }
    if (lived.compareTo(HEALTHY) >= 0) {
      backoff.worked();
    } else {
      backoff.failed(now);
    }
    log.warn("A session with upstream {} has ended after {} s", name, lived.toSeconds());
  }

  private void closeQuietly(@Nullable UpstreamSession session) {
    if (session == null) {
      return;
    }
    try {
      session.close();
    } catch (RuntimeException e) {
      log.warn("A session with upstream {} could not be closed", name, e);
    }
  }

  /** Ends what has ended or was idle for long, and opens what is needed for updates. */
  void tidy() {
    lock.lock();
    try {
      long now = nanos.getAsLong();
      boolean again = true;
      while (again) {
        again =
            closeFirst(entry -> entry.session != null && !entry.session.isAlive())
                || closeFirst(entry -> entry.idle() && now - entry.usedAt >= longestIdle(entry));
      }
      openForUpdates();
      followOne();
    } finally {
      lock.unlock();
    }
  }

  // Nobody may have called the upstream yet, or its session may have ended.
  private void openForUpdates() {
    Who who = Connections.looking(config);
    boolean mayOpen =
        !removed
            && (config.queue() == null || held.holds(name))
            && !backoff.left(nanos.getAsLong()).isPositive();
    boolean isThere =
        entries.stream()
            .filter(entry -> !entry.retired && entry.who.behalf() == null)
            .anyMatch(entry -> entry.who.caller().isEmpty());
    if (following && !resources.isEmpty() && mayOpen && !isThere && mayAdd(who)) {
      var _ = open(who);
    }
  }

  private boolean bringsUpdates(Entry entry) {
    return entry.equals(followed) && !resources.isEmpty();
  }

  private long longestIdle(Entry entry) {
    if (bringsUpdates(entry)) {
      return Long.MAX_VALUE;
    }
    if (!entry.who.caller.isEmpty()) {
      return CALLER_IDLE.toNanos();
    }
    if (entry.process) {
      return entry.called ? Long.MAX_VALUE : LOOK_IDLE.toNanos();
    }
    return entry.equals(followed) ? Long.MAX_VALUE : HTTP_IDLE.toNanos();
  }

  /** Another configuration: sessions end with their last call, and later calls get new ones. */
  void configure(UpstreamConfig next) {
    lock.lock();
    try {
      removed = false;
      if (!config.equals(next)) {
        config = next;
        retire();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The upstream is no longer configured: calls that run go on, others fail. */
  void remove() {
    lock.lock();
    try {
      removed = true;
      retire();
    } finally {
      lock.unlock();
    }
  }

  /** Opens new sessions from now on; those that there are end with their last call. */
  void reconnect() {
    lock.lock();
    try {
      retire();
    } finally {
      lock.unlock();
    }
  }

  private void retire() {
    backoff.worked();
    lastError = null;
    entries.forEach(entry -> entry.retired = true);
    while (closeFirst(Entry::idle)) {
      log.debug("An idle session with upstream {} was closed", name);
    }
    changed.signalAll();
  }

  /** Whether it was removed and its last session has ended. */
  boolean isGone() {
    lock.lock();
    try {
      return removed && entries.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends all sessions at once, with the calls that they have.
   *
   * @param limit how long to wait for it
   */
  void stop(Duration limit) {
    List<Entry> all;
    lock.lock();
    try {
      all = entries.stream().filter(entry -> !entry.closing).toList();
      for (Entry entry : all) {
        entry.retired = true;
        Thread opener = entry.opener;
        if (opener != null) {
          opener.interrupt();
        }
      }
    } finally {
      lock.unlock();
    }
    all.stream()
        .filter(entry -> entry.session != null)
        .forEach(entry -> {
          var _ = Threads.virtual("longhaul-upstream-close-" + name, () -> stop(entry));
        });
    await(limit);
  }

  private void stop(Entry entry) {
    lock.lock();
    try {
      if (!entry.closing) {
        close(entry);
      }
    } finally {
      lock.unlock();
    }
  }

  private void await(Duration limit) {
    long left = limit.toNanos();
    lock.lock();
    try {
      while (!entries.isEmpty() && left > 0) {
        left = changed.awaitNanos(left);
      }
      if (!entries.isEmpty()) {
        log.warn(
            "{} sessions with upstream {} have not ended within {} s",
            entries.size(),
            name,
            limit.toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /** Sets whether this process listens to changes. */
  void follow(boolean whether) {
    lock.lock();
    try {
      following = whether;
      if (whether) {
        resources.missedAll(); // while another process had the upstream, or none
      }
      followOne();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Sets the resources whose updates are wanted.
   *
   * @param wereMissed whether updates of them may have been missed
   * @param inEffect is run once the upstream announces their updates to this process
   */
  void subscribe(Set<String> uris, boolean wereMissed, Runnable inEffect) {
    lock.lock();
    try {
      resources.set(uris, inEffect);
      if (wereMissed) {
        resources.missedAll();
      }
      openForUpdates();
      followOne();
      if (followed != null && followed.follower != null && followed.follower.follows(wish())) {
        resources.takeInEffect().run();
      }
    } finally {
      lock.unlock();
    }
  }

  private Wish wish() {
    return new Wish(true, resources.uris());
  }

  // Updates of resources are those that every caller would hear of: not of one caller's session.
  private boolean mayFollow(Entry entry) {
    return entry.usable()
        && entry.who.behalf() == null
        && (resources.isEmpty() || entry.who.caller().isEmpty());
  }

  private void followOne() {
    Entry now = followed;
    if (now != null && !(following && mayFollow(now))) {
      if (now.follower != null && now.usable()) {
        now.follower.want(Wish.NOTHING);
      }
      followed = null;
      resources.lost();
    }
    if (followed == null && following) {
      followed = entries.stream().filter(this::mayFollow).findFirst().orElse(null);
    }
    if (followed != null && followed.follower != null) {
      followed.follower.want(wish());
    }
  }

  // Called in the thread of the follower.
  private void followed(Entry entry, Wish wish) {
    Set<String> told;
    lock.lock();
    try {
      if (!entry.equals(followed)) {
        return;
      }
      told = resources.announced(wish.resources());
      if (wish.equals(wish())) {
        resources.takeInEffect().run();
      }
    } finally {
      lock.unlock();
    }
    told.forEach(listener::resourceUpdated);
  }

  Live live() {
    lock.lock();
    try {
      Entry open = null;
      int calls = 0;
      boolean opening = false;
      for (Entry entry : entries) {
        calls += entry.session == null ? 0 : entry.calls;
        opening |= entry.session == null;
        if (entry.session != null && entry.session.isAlive() && open == null) {
          open = entry;
        }
      }
      Phase phase;
      if (config.queue() != null && !held.holds(name)) {
        phase = Phase.ELSEWHERE;
      } else if (backoff.left(nanos.getAsLong()).isPositive()) {
        phase = Phase.BACKOFF;
      } else if (open != null) {
        phase = Phase.CONNECTED;
      } else {
        phase = opening ? Phase.CONNECTING : Phase.IDLE;
      }
      Long pid = open == null || open.session == null ? null : open.session.pid();
      return new Live(phase, facts, pid, restarts, lastError, calls);
    } finally {
      lock.unlock();
    }
  }
}
