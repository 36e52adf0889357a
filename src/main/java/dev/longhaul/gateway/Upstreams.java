package dev.longhaul.gateway;

import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolCatalogue;
import dev.longhaul.catalog.ToolPolicies;
import dev.longhaul.gateway.UpstreamView.State;
import dev.longhaul.gateway.auth.login.LoginStore;
import dev.longhaul.gateway.catalog.CatalogueStore;
import dev.longhaul.gateway.catalog.Discovery;
import dev.longhaul.gateway.catalog.ServedUpstream;
import dev.longhaul.gateway.catalog.UpstreamCatalogue;
import dev.longhaul.gateway.catalog.UpstreamLinks;
import dev.longhaul.gateway.catalog.UpstreamLinks.Live;
import dev.longhaul.gateway.catalog.UpstreamLinks.Phase;
import dev.longhaul.gateway.config.ConfiguredUpstreams;
import dev.longhaul.gateway.config.Entry;
import dev.longhaul.gateway.config.UpstreamConfig;
import dev.longhaul.redis.RedisUnavailableException;
import dev.longhaul.thread.Supervised;
import dev.longhaul.thread.Threads;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The upstreams of the installation: their state, and what an operator does with them. What is done
 * in one process is done in all.
 */
public final class Upstreams implements SmartLifecycle {
  // What processes tell each other to do.
  private static final String APPLY = "apply";
  private static final String RELOAD = "reload";
  private static final String RECONNECT = "reconnect ";
  private static final long VIEW_SECONDS = 15;
  private static final int PHASE = 3;
  private static final Logger log = LoggerFactory.getLogger(Upstreams.class);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** The view of an upstream that no process has. */
  private static final LocalView NOBODYS =
      new LocalView("", "", Entry.State.USED, null, null, Phase.ELSEWHERE, null, 0, null, 0);

  private final UpstreamCatalogue served;
  private final CatalogueStore store;
  private final LoginStore logins;
  private final Clock clock;
  private final ToolCatalogue tools;
  private final ToolPolicies policies;
  private final @Nullable Running running;
  private @Nullable ScheduledExecutorService timer;
  private boolean hears;
  private final List<Runnable> often = new CopyOnWriteArrayList<>();
  private volatile List<Entry> entries = List.of();
  private volatile List<String> unknownSettings = List.of();
  private volatile boolean started;

  /**
   * What a process has that runs upstreams.
   *
   * @param port the port of this server, 0 if it has none
   */
  record Running(
      ConfiguredUpstreams configured, Discovery discovery, UpstreamLinks links, IntSupplier port) {}

  /**
   * @param running null in a process that runs none
   */
  Upstreams(
      UpstreamCatalogue served,
      CatalogueStore store,
      LoginStore logins,
      ToolCatalogue tools,
      ToolPolicies policies,
      Clock clock,
      @Nullable Running running) {
    this.served = served;
    this.store = store;
    this.logins = logins;
    this.clock = clock;
    this.tools = tools;
    this.policies = policies;
    this.running = running;
  }

  @Override
  public void start() {
    started = true;
    if (!hears) {
      hears = true; // a paused application starts again
      store.onCommand(this::commanded);
    }
    try {
      served.refresh();
    } catch (RedisUnavailableException e) {
      log.warn("What is known of upstreams is read when Redis is available ({})", e.getMessage());
    }
    if (running != null) {
      running.discovery().start();
    }
    configure();
    var ticks = Threads.timer("longhaul-upstream-views", 1);
    timer = ticks;
    var _ =
        ticks.scheduleWithFixedDelay(
            Supervised.repeated("the view of upstreams", this::tell),
            1,
            VIEW_SECONDS,
            TimeUnit.SECONDS);
  }

  /** Reads the settings and files again. */
  private void configure() {
    if (running == null) {
      return;
    }
    List<Entry> read = running.configured().read(running.port().getAsInt());
    for (Entry entry : read) {
      if (!entries.contains(entry)) {
        log(entry);
      }
    }
    entries = read;
    tellView(); // before anything is stored of them, which nobody may take for left over
    running.discovery().configured(read);
  }

  private void tellView() {
    try {
      store.view(JSON.writeValueAsString(local()));
    } catch (RedisUnavailableException e) {
      log.debug("The view of this process is told later", e);
    }
  }

  private static void log(Entry entry) {
    switch (entry.state()) {
      case USED -> log.info("The upstream {} of {} is used", entry.name(), entry.source());
      case OFF, ITSELF ->
          log.info(
              "The upstream {} of {} is not used: {}",
              entry.name(),
              entry.source(),
              entry.reason());
      case INVALID ->
          log.warn(
              "The upstream {} of {} is not used: {}",
              entry.name(),
              entry.source(),
              entry.reason());
    }
  }

  /** Has something done every few seconds while this runs. */
  void often(Runnable work) {
    often.add(work);
  }

  // Every few seconds: what others must know, and what only time shows.
  private void tell() {
    often.forEach(Runnable::run);
    if (running != null) {
      if (!entries.isEmpty() || !store.versions().isEmpty()) {
        tellView();
        served.keepOnly(
            views(store.views()).values().stream()
                .filter(view -> view.state() == Entry.State.USED)
                .map(LocalView::name)
                .collect(Collectors.toSet()));
      }
      checkSettings();
    }
    served.refresh();
    if (running != null) {
      running.discovery().lookAtLost();
    }
  }

  private void checkSettings() {
    if (entries.isEmpty() || !served.isFirstDone()) {
      return;
    }
    List<String> unknown = policies.unknownSettings(tools.all().stream().map(Tool::name).toList());
    if (!unknown.equals(unknownSettings)) {
      unknownSettings = unknown;
      unknown.forEach(each -> log.warn("A setting has no effect: {}", each));
    }
  }

  /** Settings of tools that neither this server nor an upstream has, with what is wrong. */
  public List<String> unknownSettings() {
    return unknownSettings;
  }

  /**
   * All upstreams, in the order in which they are configured.
   *
   * @throws RedisUnavailableException if Redis is not available
   */
  public List<UpstreamView> list() {
    Map<String, LocalView> views = new LinkedHashMap<>();
    if (running != null) {
      List<LocalView> own = local();
      store.view(JSON.writeValueAsString(own)); // so that what is read has it as it is now
      own.forEach(view -> views.put(view.name(), view));
    }
    views.putAll(views(store.views()));
    Map<String, ServedUpstream> known = served.upstreams();
    Set<String> off = served.switchedOff();
    List<UpstreamView> list = new ArrayList<>();
    views.values().forEach(view -> list.add(view(view, known.get(view.name()), off)));
    known.forEach((name, of) -> {
      if (!views.containsKey(name)) {
        list.add(view(NOBODYS.named(name), of, off));
      }
    });
    return list;
  }

  private UpstreamView view(LocalView view, @Nullable ServedUpstream of, Set<String> off) {
    return new UpstreamView(
        view.name(),
        view.source(),
        off.contains(view.name()) ? State.DISABLED : state(view),
        off.contains(view.name()) ? "an operator has switched it off" : view.reason(),
        view.address(),
        of == null ? null : UpstreamView.Served.of(of),
        new UpstreamView.Connected(view.pid(), view.lastError(), view.restarts(), view.inFlight()),
        view.pid() == null
            ? logins.state(view.name(), clock.instant()).map(UpstreamView.Login::of).orElse(null)
            : null);
  }

  private static State state(LocalView view) {
    return switch (view.state()) {
      case OFF -> State.DISABLED;
      case INVALID -> State.INVALID;
      case ITSELF -> State.ITSELF;
      case USED ->
          switch (view.phase()) {
            case CONNECTED -> State.CONNECTED;
            case CONNECTING -> State.CONNECTING;
            case BACKOFF -> State.FAILED;
            case IDLE -> view.lastError() == null ? State.IDLE : State.FAILED;
            case ELSEWHERE -> view.source().isEmpty() ? State.UNKNOWN : State.IDLE;
          };
    };
  }

  /** What this process has of each configured upstream. */
  private List<LocalView> local() {
    return entries.stream().map(this::local).toList();
  }

  private LocalView local(Entry entry) {
    UpstreamConfig config = entry.config();
    Live live = config == null || running == null ? Live.NONE : running.links().live(entry.name());
    String looked =
        config == null || running == null ? null : running.discovery().error(entry.name());
    return new LocalView(
        entry.name(),
        entry.source(),
        entry.state(),
        entry.reason(),
        config == null ? null : config.connection().address(),
        live.phase(),
        live.pid(),
        live.restarts(),
        live.lastError() != null ? live.lastError() : looked,
        live.inFlight());
  }

  /** The views of all processes, joined by upstream. */
  private static Map<String, LocalView> views(Map<String, String> texts) {
    Map<String, LocalView> views = new LinkedHashMap<>();
    texts
        .values()
        .forEach(text -> {
          try {
            for (LocalView view : JSON.readValue(text, LocalView[].class)) {
              views.merge(view.name(), view, LocalView::and);
            }
          } catch (JacksonException e) {
            log.debug("The view of a process of another version is ignored", e);
          }
        });
    return views;
  }

  /**
   * One upstream.
   *
   * @throws UnknownUpstreamException if there is none of that name
   */
  public UpstreamView get(String name) {
    return list().stream()
        .filter(view -> view.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new UnknownUpstreamException(name));
  }

  /** Closes the connections with an upstream and looks at it again. */
  public UpstreamView reconnect(String name) {
    var _ = get(name);
    reconnectHere(name);
    store.command(RECONNECT + name);
    return get(name);
  }

  /** Serves an upstream again that was switched off. */
  public UpstreamView enable(String name) {
    return switched(name, false);
  }

  /** Serves an upstream no longer, until it is enabled again. Its running calls end first. */
  public UpstreamView disable(String name) {
    return switched(name, true);
  }

  private UpstreamView switched(String name, boolean off) {
    var _ = get(name);
    store.switchOff(name, off);
    apply();
    store.command(APPLY);
    return get(name);
  }

  /**
   * Reads the configuration of upstreams again, in all processes. Running calls are not touched.
   */
  public List<UpstreamView> reload() {
    reloadHere();
    store.command(RELOAD);
    return list();
  }

  private void reloadHere() {
    configure();
    tell(); // what is not used any more goes at once
  }

  private void apply() {
    served.refresh();
    if (running != null) {
      running.discovery().configured(entries);
    }
  }

  private void reconnectHere(String name) {
    if (running != null) {
      entries.stream()
          .filter(entry -> entry.name().equals(name) && entry.config() != null)
          .findFirst()
          .ifPresent(entry -> {
            running.links().reconnect(Objects.requireNonNull(entry.config()));
            running.discovery().look(name);
          });
    }
  }

  private void commanded(String command) {
    if (!started) {
      return;
    }
    switch (command) {
      case APPLY -> apply();
      case RELOAD -> reloadHere();
      case String c when c.startsWith(RECONNECT) -> reconnectHere(c.substring(RECONNECT.length()));
      default -> log.debug("A command of a later version is ignored");
    }
  }

  /** The state of each upstream in this process alone, without asking Redis. */
  List<LocalView> here() {
    return local();
  }

  @Override
  public void stop() {
    started = false;
    if (timer != null) {
      timer.shutdownNow();
    }
    if (running != null) {
      running.discovery().close();
      try {
        store.noView();
      } catch (RedisUnavailableException e) {
        log.debug("The view of this process ends by itself", e);
      }
    }
  }

  @Override
  public boolean isRunning() {
    return started;
  }

  /** After the connections with upstreams and Redis, before the worker and the web server. */
  @Override
  public int getPhase() {
    return PHASE;
  }
}
