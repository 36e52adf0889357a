package dev.longhaul.gateway.call;

import dev.longhaul.gateway.call.UpstreamLine.Use;
import dev.longhaul.gateway.call.UpstreamLine.Who;
import dev.longhaul.gateway.catalog.Upstream;
import dev.longhaul.gateway.catalog.UpstreamLinks;
import dev.longhaul.gateway.config.Connection;
import dev.longhaul.gateway.config.OwnerIdentity;
import dev.longhaul.gateway.config.UpstreamConfig;
import dev.longhaul.gateway.config.UpstreamConfig.SessionScope;
import dev.longhaul.gateway.session.CallFeed;
import dev.longhaul.gateway.session.OnBehalf;
import dev.longhaul.gateway.session.SessionListener;
import dev.longhaul.gateway.session.Sessions;
import dev.longhaul.job.LocalPools;
import dev.longhaul.job.LocalPools.LocalPool;
import dev.longhaul.thread.Supervised;
import dev.longhaul.thread.Threads;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The connections of this process with upstreams. A stdio upstream is used in the process that
 * holds its lease, whose worker gets a pool for its queue; an upstream over HTTP in every process
 * with a worker. The lease of an upstream over HTTP says which process listens to its changes.
 */
public final class Connections implements UpstreamLinks, SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(Connections.class);
  private static final int SLOTS = 50;
  private static final int PHASE = 2;

  /** How long sessions have to close: less than a third of a lease. */
  private static final Duration STOP = Duration.ofMillis(3_500);

  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
  private static final Duration TIDY = Duration.ofSeconds(1);

  private final Sessions sessions;
  private final Supplier<@Nullable LocalPools> pools;
  private final HeldUpstreams held;
  private final Map<String, UpstreamLine> lines = new ConcurrentHashMap<>();
  private final Map<String, LocalPool> open = new HashMap<>();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private volatile boolean running;
  private volatile @Nullable LocalPools worker;
  private @Nullable ScheduledExecutorService timer;

  /**
   * @param pools the pools of this process's worker; null without a worker, and then nothing is
   *     connected
   */
  public Connections(
      Sessions sessions, UpstreamLeases leases, Supplier<@Nullable LocalPools> pools) {
    this(sessions, leases, HeldUpstreams.LEASE, pools);
  }

  Connections(
      Sessions sessions,
      UpstreamLeases leases,
      Duration lease,
      Supplier<@Nullable LocalPools> pools) {
    this.sessions = sessions;
    this.pools = pools;
    this.held = new HeldUpstreams(leases, lease, new Holding(), System::nanoTime);
  }

  private final class Holding implements HeldUpstreams.Listener {
    @Override
    public void won(String upstream) {
      UpstreamLine line = lines.get(upstream);
      if (line == null) {
        return;
      }
      line.follow(true);
      alignPool(line);
    }

    @Override
    public void lost(String upstream) {
      closePool(upstream);
      UpstreamLine line = lines.get(upstream);
      if (line == null) {
        return;
      }
      line.follow(false);
      if (line.config().queue() != null) {
        line.stop(STOP);
      }
    }
  }

  private final class Heard implements SessionListener {
    private final String upstream;

    Heard(String upstream) {
      this.upstream = upstream;
    }

    @Override
    public void changed(String method) {
      listeners.forEach(listener -> listener.changed(upstream, method));
    }

    @Override
    public void resourceUpdated(String uri) {
      listeners.forEach(listener -> listener.resourceUpdated(upstream, uri));
    }
  }

  @Override
  public synchronized void configured(List<UpstreamConfig> upstreams) {
    Set<String> names = upstreams.stream().map(UpstreamConfig::name).collect(Collectors.toSet());
    lines.forEach((name, line) -> {
      if (!names.contains(name)) {
        closePool(name);
        line.remove();
      }
    });
    for (UpstreamConfig upstream : upstreams) {
      UpstreamLine line = lines.computeIfAbsent(upstream.name(), _ -> line(upstream));
      line.configure(upstream);
      alignPool(line);
    }
    want();
  }

  private UpstreamLine line(UpstreamConfig upstream) {
    return new UpstreamLine(
        upstream,
        sessions,
        held,
        new Heard(upstream.name()),
        new Backoff(FIRST_WAIT, LONGEST_WAIT),
        System::nanoTime);
  }

  // Opens the pool of an upstream that this process runs, unless it is open.
  private void alignPool(UpstreamLine line) {
    String upstream = line.name();
    String queue = line.config().queue();
    LocalPools here = worker;
    if (queue == null || here == null) {
      closePool(upstream);
      return;
    }
    synchronized (open) {
      if (open.containsKey(upstream) || !held.holds(upstream)) {
        return;
      }
      try {
        open.put(upstream, here.open(queue, SLOTS));
      } catch (IllegalArgumentException e) {
        log.error("The jobs of upstream {} have no pool: {}", upstream, e.getMessage());
      }
    }
  }

  private void closePool(String upstream) {
    synchronized (open) {
      LocalPool pool = open.remove(upstream);
      if (pool != null) {
        pool.close();
      }
    }
  }

  // Those that were removed are held until their last call has ended.
  private synchronized void want() {
    if (!running || !hasWorker()) {
      return;
    }
    if (timer == null && !lines.isEmpty()) {
      begin();
    }
    lines.values().removeIf(UpstreamLine::isGone);
    Set<String> wanted = new HashSet<>();
    lines.forEach((name, line) -> {
      if (line.config().queue() != null || line.config().connection() instanceof Connection.Url) {
        wanted.add(name);
      }
    });
    held.want(wanted);
  }

  /** Whether this process can use the upstream now. */
  boolean reaches(Upstream upstream) {
    return hasWorker()
        && running
        && lines.containsKey(upstream.name())
        && (upstream.queue() == null || held.holds(upstream.name()));
  }

  /** Whether this process runs jobs; only then it connects with upstreams. */
  boolean hasWorker() {
    return worker != null;
  }

  /**
   * The present configuration of an upstream.
   *
   * @throws UpstreamUnavailableException if it has none
   */
  UpstreamConfig configuration(String upstream) {
    return line(upstream).config();
  }

  /**
   * Runs a call of a client in a session.
   *
   * @param caller whose call it is
   * @param feed what the session needs of the call
   * @throws UpstreamUnavailableException if nothing was sent
   */
  ObjectNode call(UpstreamConfig upstream, String caller, CallFeed feed, Use<ObjectNode> use)
      throws InterruptedException {
    return line(upstream.name()).use(who(upstream, caller, feed), true, use);
  }

  private UpstreamLine line(String name) {
    UpstreamLine line = lines.get(name);
    if (line == null || !running) {
      throw new UpstreamUnavailableException("Upstream " + name + " is switched off.");
    }
    return line;
  }

  /** In whose session a call is made. */
  static Who who(UpstreamConfig upstream, String caller, CallFeed feed) {
    if (upstream.session() == SessionScope.CALLER
        && upstream.connection() instanceof Connection.Command) {
      // One process with one state, whatever clients the caller uses: it is told that everything
      // can be asked, and what the client of a call cannot be asked is refused in that call.
      return new Who(caller, Sessions.everything());
    }
    return new Who(
        upstream.session() == SessionScope.CALLER ? caller : "",
        asks(upstream)
            ? Sessions.questions(feed.capabilities())
            : JsonNodeFactory.instance.objectNode(),
        behalf(upstream, caller, feed));
  }

  private static @Nullable OnBehalf behalf(UpstreamConfig upstream, String caller, CallFeed feed) {
    return switch (upstream.identity()) {
      case null -> null;
      case OwnerIdentity.Header _, OwnerIdentity.JwtBearer _ -> new OnBehalf(caller, null);
      // Its token may permit less than that of another job of the same caller.
      case OwnerIdentity.Exchange _ -> new OnBehalf(caller, feed.job());
    };
  }

  @Override
  public <T> Optional<T> use(UpstreamConfig upstream, Look<T> look) throws InterruptedException {
    if (upstream.queue() != null && !held.holds(upstream.name())) {
      held.renewNow();
    }
    if (!reaches(new Upstream(upstream.name(), upstream.queue()))) {
      return Optional.empty();
    }
    return Optional.of(line(upstream.name()).use(looking(upstream), false, look::at));
  }

  /**
   * Who looks at the lists. Some upstreams list tools that ask only to clients that can be asked,
   * so that is declared where calls declare it too.
   */
  static Who looking(UpstreamConfig upstream) {
    return new Who(
        "", asks(upstream) ? Sessions.everything() : JsonNodeFactory.instance.objectNode());
  }

  // Requests of a shared process name no call.
  private static boolean asks(UpstreamConfig upstream) {
    return upstream.session() == SessionScope.CALLER
        || upstream.connection() instanceof Connection.Url;
  }

  @Override
  public Live live(String upstream) {
    UpstreamLine line = lines.get(upstream);
    return line == null ? Live.NONE : line.live();
  }

  @Override
  public void reconnect(UpstreamConfig upstream) {
    UpstreamLine line = lines.get(upstream.name());
    if (line != null) {
      line.reconnect();
    }
  }

  @Override
  public void subscribe(String upstream, Set<String> uris, boolean missed, Runnable inEffect) {
    UpstreamLine line = lines.get(upstream);
    if (line != null && running && hasWorker()) {
      line.subscribe(uris, missed, inEffect);
    }
  }

  @Override
  public void listen(Listener listener) {
    listeners.add(listener);
  }

  @Override
  public synchronized void start() {
    worker = pools.get();
    running = true;
    want();
  }

  // With the first upstream: most installations have none.
  private void begin() {
    held.start();
    var ticks = Threads.timer("longhaul-upstreams", 1);
    var _ =
        ticks.scheduleWithFixedDelay(
            Supervised.repeated("looking after the sessions of upstreams", this::tidy),
            TIDY.toMillis(),
            TIDY.toMillis(),
            TimeUnit.MILLISECONDS);
    timer = ticks;
  }

  private void tidy() {
    lines.values().forEach(UpstreamLine::tidy);
    want();
  }

  @Override
  public void stop() {
    synchronized (this) {
      if (!running) {
        return;
      }
      running = false;
      if (timer != null) {
        timer.shutdownNow();
        timer = null;
      }
    }
    held.close();
    List<Thread> ends =
        lines.values().stream()
            .map(line -> Threads.virtual("longhaul-upstream-stop", () -> line.stop(STOP)))
            .toList();
    try {
      for (Thread end : ends) {
        end.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /**
   * After the connections to Redis; before the look at the upstreams, the worker and the web
   * server.
   */
  @Override
  public int getPhase() {
    return PHASE;
  }
}
