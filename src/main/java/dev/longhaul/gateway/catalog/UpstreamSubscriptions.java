package dev.longhaul.gateway.catalog;

import dev.longhaul.catalog.SubscribedResources;
import dev.longhaul.redis.RedisUnavailableException;
import dev.longhaul.thread.Threads;
import dev.longhaul.tool.Change;
import dev.longhaul.tool.Changes;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Brings updates of upstreams' resources to the clients of this process. It tells all processes
 * which are wanted here, at once and again every few seconds; the one that listens to the changes
 * of an upstream asks it for them.
 */
public final class UpstreamSubscriptions implements SubscribedResources.Source, SmartLifecycle {
  /** The most resources of one upstream whose updates are asked for. */
  static final int MOST = 1_000;

  private static final Logger log = LoggerFactory.getLogger(UpstreamSubscriptions.class);

  /** How long a client waits until its subscription is in effect. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

  private static final String WANTED = "wanted";
  private static final int PHASE = 4;

  private final SubscribedResources clients;
  private final UpstreamCatalogue catalogue;
  private final SubscriptionStore store;
  private final Changes changes;
  private final @Nullable SubscribedUpstreams upstreams;
  private final AtomicBoolean due = new AtomicBoolean();
  private final ReentrantLock telling = new ReentrantLock();
  private final ReentrantLock effects = new ReentrantLock();
  private final Condition effective = effects.newCondition();
  private final Map<String, Long> inEffect = new HashMap<>(); // guarded by effects
  private long version; // guarded by telling
  private boolean heard;
  private Changes.@Nullable Watch watch;
  private volatile WantedUpdates told = WantedUpdates.none();
  private volatile boolean running;

  /**
   * @param links the connections of this process, or null if it has none
   */
  public UpstreamSubscriptions(
      SubscribedResources clients,
      UpstreamCatalogue catalogue,
      SubscriptionStore store,
      Changes changes,
      @Nullable UpstreamLinks links) {
    this.clients = clients;
    this.catalogue = catalogue;
    this.store = store;
    this.changes = changes;
    this.upstreams =
        links == null
            ? null
            : new SubscribedUpstreams(links, store, this::inEffect, catalogue::resourceUpdated);
    clients.source(this);
  }

  @Override
  public boolean isUseful() {
    return catalogue.announcesUpdates();
  }

  @Override
  public void changed() {
    if (running && due.compareAndSet(false, true)) {
      var _ =
          Threads.virtual(
              "longhaul-upstream-subscriptions",
              () -> {
                due.set(false); // before, so that a change meanwhile is not missed
                tell(false);
              });
    }
  }

  @Override
  public void await(Collection<String> uris) throws InterruptedException {
    Set<String> of = catalogue.announced(uris).keySet();
    if (of.isEmpty() || !running) {
      return;
    }
    tell(false);
    WantedUpdates wanted = told;
    long left = LONGEST_WAIT.toNanos();
    effects.lockInterruptibly();
    try {
      while (left > 0 && of.stream().anyMatch(upstream -> isPending(upstream, wanted))) {
        left = effective.awaitNanos(left);
      }
    } finally {
      effects.unlock();
    }
  }

  private boolean isPending(String upstream, WantedUpdates wanted) {
    return inEffect.getOrDefault(upstream, 0L) < wanted.version(upstream);
  }

  private void inEffect(String upstream, long since) {
    effects.lock();
    try {
      inEffect.merge(upstream, since, Math::max);
      effective.signalAll();
    } finally {
      effects.unlock();
    }
  }

  /** Tells other processes again what is wanted here, and reads what they want. */
  public void renew() {
    if (!running) {
      return;
    }
    clients.review();
    tell(true);
    SubscribedUpstreams here = upstreams;
    if (here != null && isUseful()) {
      here.apply(told);
    }
  }

  private void tell(boolean again) {
    boolean other;
    telling.lock();
    try {
      Map<String, Set<String>> wanted = catalogue.announced(clients.uris());
      wanted.replaceAll((_, uris) -> uris.stream().limit(MOST).collect(Collectors.toSet()));
      WantedUpdates next = told.next(wanted, version + 1);
      other = !next.equals(told);
      if (other) {
        version++;
        told = next;
      }
      if (other || again) {
        tell(next, other);
      }
    } finally {
      telling.unlock();
    }
    SubscribedUpstreams here = upstreams;
    if (other && here != null) {
      here.apply(told);
    }
  }

  private void tell(WantedUpdates wanted, boolean other) {
    try {
      if (!wanted.isEmpty()) {
        store.want(wanted.text());
      } else if (other) {
        store.wantNothing();
      }
      if (other) {
        store.send(WANTED);
      }
    } catch (RedisUnavailableException e) {
      log.debug("Other processes learn later which updates are wanted here", e);
    }
  }

  private void message(String message) {
    SubscribedUpstreams here = upstreams;
    if (!running) {
      return;
    }
    if (message.equals(WANTED)) {
      if (here != null) {
        here.apply(told);
      }
    } else if (message.startsWith(SubscribedUpstreams.IN_EFFECT)) {
      String[] words = message.split(" ", -1);
      if (words.length == 4 && words[2].equals(store.process())) {
        inEffect(words[1], Long.parseLong(words[3]));
      }
    }
  }

  @Override
  public synchronized void start() {
    running = true;
    if (!heard) {
      heard = true; // a paused application starts again
      store.onMessage(this::message);
    }
    if (watch == null) {
      watch =
          changes.listen(change -> {
            if (!(change instanceof Change.Resource)) {
              changed(); // whose resources they are may have changed too
            }
          });
    }
  }

  @Override
  public synchronized void stop() {
    running = false;
    if (watch != null) {
      watch.close();
      watch = null;
    }
    if (!told.isEmpty()) {
      told = WantedUpdates.none();
      try {
        store.wantNothing();
        store.send(WANTED);
      } catch (RedisUnavailableException e) {
        log.debug("What this process wanted ends by itself", e);
      }
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** After the upstreams. */
  @Override
  public int getPhase() {
    return PHASE;
  }
}
