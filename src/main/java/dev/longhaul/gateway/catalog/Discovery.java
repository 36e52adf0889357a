package dev.longhaul.gateway.catalog;

import dev.longhaul.gateway.config.Connection;
import dev.longhaul.gateway.config.Entry;
import dev.longhaul.gateway.config.UpstreamConfig;
import dev.longhaul.gateway.session.UpstreamSession;
import dev.longhaul.gateway.session.UpstreamSession.Facts;
import dev.longhaul.thread.Supervised;
import dev.longhaul.thread.Threads;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Finds out what the configured upstreams have: at the start, a few at a time, and when one says
 * that a list has changed. What is known of an upstream is served meanwhile.
 */
public final class Discovery implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Discovery.class);
  private static final int AT_ONCE = 4;
  private static final int MOST_ENTRIES = 2_000;
  private static final long LARGEST = 16 << 20;
  private static final int MOST_CHANGES = 20;
  private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
  private static final Duration POLL = Duration.ofMinutes(5);

  private final UpstreamLinks links;
  private final UpstreamCatalogue catalogue;
  private final Clock clock;
  private final Semaphore places = new Semaphore(AT_ONCE);
  private final Map<String, Known> upstreams = new ConcurrentHashMap<>();
  private @Nullable ScheduledExecutorService timer;

  public Discovery(UpstreamLinks links, UpstreamCatalogue catalogue, Clock clock) {
    this.links = links;
    this.catalogue = catalogue;
    this.clock = clock;
    links.listen(
        new UpstreamLinks.Listener() {
          @Override
          public void changed(String upstream, String method) {
            look(upstream);
          }

          @Override
          public void resourceUpdated(String upstream, String uri) {
            // It changes no list; UpstreamSubscriptions hears of it.
          }
        });
  }

  /** Begins to poll. It can begin again after {@link #close}, as a paused application does. */
  public synchronized void start() {
    if (timer != null) {
      return;
    }
    var ticks = Threads.timer("longhaul-upstreams", 1);
    var _ =
        ticks.scheduleWithFixedDelay(
            Supervised.repeated("polling of upstreams", this::poll),
            POLL.toMillis(),
            POLL.toMillis(),
            TimeUnit.MILLISECONDS);
    timer = ticks;
  }

  private synchronized boolean isClosed() {
    return timer == null;
  }

  // Nothing is done later once this is closed.
  private synchronized void in(long nanos, Runnable work) {
    if (timer != null) {
      var _ = timer.schedule(work, nanos, TimeUnit.NANOSECONDS);
    }
  }

  /** An upstream that is looked at. */
  private static final class Known {
    private final UpstreamConfig config;
    private final int position;
    private final CompletableFuture<?> first = new CompletableFuture<Void>();
    private boolean looking;
    private boolean again;
    private final LookPace pace = new LookPace();
    private final AtomicInteger failures = new AtomicInteger();
    private volatile @Nullable String error;

    Known(UpstreamConfig config, int position) {
      this.config = config;
      this.position = position;
    }
  }

  /** Why the last look at an upstream failed, without secrets; null if it did not. */
  public @Nullable String error(String upstream) {
    Known known = upstreams.get(upstream);
    return known == null ? null : known.error;
  }

  /**
   * Sets which upstreams are used. Those that are new or have changed are looked at, first those of
   * which nothing is known.
   */
  public void configured(List<Entry> entries) {
    Map<String, Known> wanted = new LinkedHashMap<>();
    for (int i = 0; i < entries.size(); i++) {
      UpstreamConfig config = entries.get(i).config();
      if (config != null && !catalogue.switchedOff().contains(config.name())) {
        Known before = upstreams.get(config.name());
        wanted.put(
            config.name(),
            before != null && before.config.equals(config) && before.position == i
                ? before
                : new Known(config, i));
      }
    }
    List<Known> fresh =
        wanted.values().stream().filter(each -> upstreams.get(each.config.name()) != each).toList();
    upstreams.keySet().retainAll(wanted.keySet());
    upstreams.putAll(wanted);
    links.configured(wanted.values().stream().map(each -> each.config).toList());
    catalogue.runs(upstreams::containsKey);
    List<CompletableFuture<?>> unknown = new ArrayList<>();
    for (Known each : fresh) {
      Published stored = catalogue.known(each.config.name()).orElse(null);
      if (stored != null && isKnown(each)) {
        publish(published(each, stored.about(), stored.lists(), stored.changes()), stored);
        var _ = each.first.complete(null);
      } else {
        unknown.add(each.first);
      }
    }
    catalogue.first(CompletableFuture.allOf(unknown.toArray(CompletableFuture[]::new)));
    fresh.stream()
        .sorted(Comparator.comparing((Known each) -> each.first.isDone()))
        .forEach(this::look);
  }

  /** Looks again at upstreams of which nothing is stored any more, as after a loss of Redis. */
  public void lookAtLost() {
    upstreams.values().stream()
        .filter(each -> each.first.isDone() && each.failures.get() == 0 && !isKnown(each))
        .forEach(this::look);
  }

  private void poll() {
    upstreams.values().stream()
        .filter(each ->
            each.config.connection() instanceof Connection.Url
                || links.live(each.config.name()).phase() == UpstreamLinks.Phase.CONNECTED)
        .forEach(this::look);
  }

  /** Looks at an upstream soon, if it is configured. */
  public void look(String upstream) {
    Known known = upstreams.get(upstream);
    if (known != null) {
      look(known);
    }
  }

  private void look(Known known) {
    long wait;
    synchronized (known) {
      if (known.looking) {
        known.again = true;
        return;
      }
      known.looking = true;
      wait = known.pace.next(System.nanoTime());
    }
    if (wait == 0) {
      begin(known);
    } else {
      in(wait, () -> begin(known));
    }
  }

  private void begin(Known known) {
    Threads.virtual("longhaul-upstream-" + known.config.name(), () -> looks(known));
  }

  private void looks(Known known) {
    boolean again = false;
    try {
      places.acquire();
      try {
        synchronized (known) {
          known.again = false;
        }
        lookOnce(known);
      } finally {
        places.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      synchronized (known) {
        known.looking = false;
        known.pace.looked(System.nanoTime());
        again = known.again;
      }
    }
    if (again) {
      look(known);
    }
  }

  private void lookOnce(Known known) throws InterruptedException {
    String name = known.config.name();
    if (isClosed() || upstreams.get(name) != known) {
      return; // it was configured otherwise
    }
    try {
      Optional<Published> found = links.use(known.config, session -> learned(known, session));
      if (found.isPresent() && upstreams.get(name) == known) {
        publish(found.get(), catalogue.known(name).orElse(null));
      }
      if (known.error != null) {
        log.info("The upstream {} could be looked at again", name);
      }
      known.error = null;
      if (found.isEmpty() && !isKnown(known)) {
        var _ = known.failures.incrementAndGet(); // who has it may end before it has looked
        later(known);
      } else {
        known.failures.set(0);
      }
    } catch (RuntimeException e) {
      if (isClosed()) {
        return;
      }
      boolean first = known.error == null;
      known.error = words(e);
      var _ = known.failures.incrementAndGet();
      if (first) {
        log.warn("The upstream {} could not be looked at: {}", name, known.error);
      }
      log.debug("The failure of the upstream {}", name, e);
      later(known);
    } finally {
      var _ = known.first.complete(null);
    }
  }

  private boolean isKnown(Known of) {
    return catalogue
        .known(of.config.name())
        .filter(stored -> stored.digest().equals(of.config.digest()))
        .isPresent();
  }

  private void later(Known known) {
    long pause =
        Math.min(
            LONGEST_PAUSE.toMillis(),
            SHORTEST_PAUSE.toMillis() << Math.min(known.failures.get() - 1, 10));
    in(TimeUnit.MILLISECONDS.toNanos(pause), () -> look(known));
  }

  private static String words(RuntimeException e) {
    String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return message.length() > 500 ? message.substring(0, 500) + "…" : message;
  }

  private Published learned(Known known, UpstreamSession session) throws InterruptedException {
    Facts facts = session.facts();
    Bounded bounded = new Bounded();
    List<ObjectNode> tools = bounded.of(session.list("tools/list"));
    List<ObjectNode> resources = bounded.of(session.list("resources/list"));
    List<ObjectNode> templates = bounded.of(session.list("resources/templates/list"));
    List<ObjectNode> prompts = bounded.of(session.list("prompts/list"));
    List<String> changes = new ArrayList<>();
    Published before = catalogue.known(known.config.name()).orElse(null);
    if (before != null) {
      changes.addAll(before.changes());
      tools = compared(known, before, tools, changes);
    }
    return published(
        known,
        new Published.About(
            facts.era().name().toLowerCase(Locale.ROOT),
            facts.version(),
            facts.info(),
            facts.capabilities()),
        new Published.Lists(tools, resources, templates, prompts, bounded.more),
        changes);
  }

  /** The tools, with those that have changed as they were if they are pinned. */
  private List<ObjectNode> compared(
      Known known, Published before, List<ObjectNode> tools, List<String> changes) {
    Map<String, ObjectNode> knownTools = new HashMap<>();
    before.lists().tools().forEach(tool -> knownTools.put(tool.path("name").asString(""), tool));
    boolean pin = known.config.tools().pin();
    List<ObjectNode> compared = new ArrayList<>();
    for (ObjectNode tool : tools) {
      String name = tool.path("name").asString("");
      ObjectNode as = knownTools.get(name);
      if (as != null && !as.equals(tool)) {
        List<String> fields =
            List.of("description", "inputSchema", "outputSchema", "annotations").stream()
                .filter(field -> !as.path(field).equals(tool.path(field)))
                .toList();
        if (!fields.isEmpty()) {
          String words = name + ": " + String.join(", ", fields) + (pin ? " (pinned)" : "");
          if (changes.stream().noneMatch(each -> pin && each.endsWith(words))) {
            log.warn("The upstream {} has changed its tool {}", known.config.name(), words);
            changes.add(clock.instant() + " " + words);
          }
        }
      }
      compared.add(as != null && pin ? as : tool);
    }
    while (changes.size() > MOST_CHANGES) {
      changes.removeFirst();
    }
    return compared;
  }

  private static Published published(
      Known known, Published.About about, Published.Lists lists, List<String> changes) {
    UpstreamConfig config = known.config;
    return new Published(
        config.name(),
        known.position,
        config.digest(),
        config.queue(),
        config.connection() instanceof Connection.Url,
        config.trustAnnotations(),
        config.identity() == null ? null : config.identity().mode(),
        config.tools(),
        about,
        lists,
        changes);
  }

  private void publish(Published now, @Nullable Published stored) {
    if (!now.equals(stored)) {
      catalogue.publish(now);
    }
  }

  @Override
  public synchronized void close() {
    if (timer != null) {
      timer.shutdownNow();
      timer = null;
    }
  }

  /** Takes entries until there are too many or they are too large. */
  private static final class Bounded {
    private long bytes;
    private int entries;
    private int more;

    List<ObjectNode> of(List<ObjectNode> list) {
      List<ObjectNode> taken = new ArrayList<>();
      for (ObjectNode each : list) {
        bytes += each.toString().length();
        entries++;
        if (entries > MOST_ENTRIES || bytes > LARGEST) {
          more++;
        } else {
          taken.add(each);
        }
      }
      return PublishedCodec.normal(taken);
    }
  }
}
