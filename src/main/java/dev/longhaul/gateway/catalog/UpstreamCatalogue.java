package dev.longhaul.gateway.catalog;

import dev.longhaul.catalog.CatalogueSource;
import dev.longhaul.catalog.Completion;
import dev.longhaul.catalog.PrimitiveHandler;
import dev.longhaul.catalog.Primitives;
import dev.longhaul.catalog.Prompt;
import dev.longhaul.catalog.RegisteredPrimitives;
import dev.longhaul.catalog.RegisteredTools;
import dev.longhaul.catalog.Resource;
import dev.longhaul.catalog.ResourceTemplate;
import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolPolicies;
import dev.longhaul.catalog.ToolSource;
import dev.longhaul.gateway.catalog.ResourceOwners.Owned;
import dev.longhaul.redis.RedisUnavailableException;
import dev.longhaul.thread.Threads;
import dev.longhaul.tool.Change;
import dev.longhaul.tool.Changes;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all upstreams have, as workers have stored it, joined to the catalogue. Another process's
 * change is read when somebody asks next.
 */
public final class UpstreamCatalogue implements CatalogueSource, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(UpstreamCatalogue.class);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
  private static final long RETRY_NANOS = Duration.ofSeconds(15).toNanos();

  private final CatalogueStore store;
  private final SnapshotBuilder builder;
  private final Changes changes;
  private final Changes.Watch watch;
  private final ReentrantLock reading = new ReentrantLock();
  private final Served served = new Served();

  private final AtomicBoolean elsewhere = new AtomicBoolean();

  // Guarded by the lock.
  private final Map<String, String> versions = new HashMap<>();
  private final Map<String, Published> known = new HashMap<>();

  private volatile Set<String> off = Set.of();
  private volatile Predicate<String> runnable = _ -> true;
  private volatile Snapshot snapshot = Snapshot.EMPTY;
  private volatile boolean stale; // not before the start, which must not wait for Redis
  private volatile long retryAt = System.nanoTime();
  private volatile CompletableFuture<?> first = CompletableFuture.completedFuture(null);
  private volatile boolean more;

  /**
   * The catalogue of upstreams.
   *
   * @param tools this server's own, whose names have precedence
   * @param primitives this server's own
   * @param configured whether there are settings of upstreams
   */
  public static UpstreamCatalogue of(
      CatalogueStore store,
      RegisteredTools tools,
      RegisteredPrimitives primitives,
      ToolPolicies policies,
      Supplier<UpstreamHandlers> handlers,
      Changes changes,
      boolean configured) {
    var catalogue =
        new UpstreamCatalogue(
            store, new SnapshotBuilder(tools, primitives, policies, handlers), changes);
    catalogue.more = configured;
    return catalogue;
  }

  UpstreamCatalogue(CatalogueStore store, SnapshotBuilder builder, Changes changes) {
    this.store = store;
    this.builder = builder;
    this.changes = changes;
    this.watch = changes.listen(this::changed);
  }

  // Called before clients are notified or among them: they ask after that.
  private void changed(Change change) {
    if (!(change instanceof Change.Resource)) {
      retryAt = System.nanoTime();
      stale = true;
    }
  }

  @Override
  public ToolSource tools() {
    return served;
  }

  @Override
  public Primitives primitives() {
    return served;
  }

  @Override
  public boolean mayHaveMore() {
    if (!more) {
      stale = true;
    }
    return more || !now().all().isEmpty();
  }

  /** Lists wait for this, but not long. */
  void first(CompletableFuture<?> discovered) {
    first = discovered;
  }

  /** Sets whether this process can run calls of an upstream. */
  void runs(Predicate<String> which) {
    runnable = which;
    locked(this::build);
  }

  /** What is known of an upstream, switched off or not. */
  Optional<Published> known(String upstream) {
    now();
    reading.lock();
    try {
      return Optional.ofNullable(known.get(upstream));
    } finally {
      reading.unlock();
    }
  }

  /** The upstreams that an operator has switched off. */
  public Set<String> switchedOff() {
    now();
    return off;
  }

  /** What is served of each upstream, by name. */
  public Map<String, ServedUpstream> upstreams() {
    Map<String, ServedUpstream> upstreams = new LinkedHashMap<>();
    now().upstreams().forEach((name, of) -> upstreams.put(name, ServedUpstream.of(of)));
    return upstreams;
  }

  /** Whether the first look at every upstream is over. */
  public boolean isFirstDone() {
    return first.isDone();
  }

  /** Stores what was learned of an upstream, and announces what is served otherwise than before. */
  void publish(Published of) {
    announced(() -> {
      store.write(of.upstream(), PublishedCodec.text(of));
      read();
    });
  }

  /** Deletes what is stored of upstreams that no process has configured any more. */
  public void keepOnly(Set<String> configured) {
    announced(() -> {
      for (String name : store.versions().keySet()) {
        if (!configured.contains(name)) {
          store.remove(name);
          stale = true;
        }
      }
      if (stale) {
        read();
      }
    });
  }

  /** Reads what another process may have stored, and announces it. */
  public void refresh() {
    announced(this::read);
  }

  /** Announces that the content of a resource of an upstream has changed. */
  void resourceUpdated(String upstream, String uri) {
    now().owners().served(new Owned(upstream, uri)).forEach(changes::resource);
  }

  /** Whether an upstream announces updates of resources. */
  boolean announcesUpdates() {
    return !now().owners().announcing().isEmpty();
  }

  /**
   * Those of the URIs that are resources of upstreams which announce their updates, as the
   * upstreams' own URIs by upstream.
   */
  Map<String, Set<String>> announced(Collection<String> served) {
    ResourceOwners owners = now().owners();
    Map<String, Set<String>> announced = new TreeMap<>();
    for (String uri : served) {
      owners
          .owner(uri)
          .filter(owned -> owners.announcing().contains(owned.upstream()))
          .ifPresent(owned ->
              announced.computeIfAbsent(owned.upstream(), _ -> new TreeSet<>()).add(owned.uri()));
    }
    return announced;
  }

  private void announced(Runnable change) {
    Snapshot before = snapshot;
    locked(change);
    announce(before, snapshot);
  }

  private void announce(Snapshot before, Snapshot after) {
    if (!descriptions(before.all(), Tool::description)
        .equals(descriptions(after.all(), Tool::description))) {
      changes.tools();
    }
    if (!descriptions(before.prompts(), Prompt::description)
        .equals(descriptions(after.prompts(), Prompt::description))) {
      changes.prompts();
    }
    if (!descriptions(before.resources(), Resource::description)
            .equals(descriptions(after.resources(), Resource::description))
        || !descriptions(before.templates(), ResourceTemplate::description)
            .equals(descriptions(after.templates(), ResourceTemplate::description))) {
      changes.resources();
    }
  }

  private static <T> List<Object> descriptions(Collection<T> all, Function<T, ?> description) {
    List<Object> descriptions = new ArrayList<>();
    all.forEach(each -> descriptions.add(description.apply(each)));
    return descriptions;
  }

  private void locked(Runnable work) {
    reading.lock();
    try {
      work.run();
    } finally {
      reading.unlock();
    }
  }

  private Snapshot now() {
    if (stale && System.nanoTime() - retryAt >= 0) {
      if (Thread.currentThread() instanceof FastThreadLocalThread) {
        // A thread of the connection to Redis, which would wait for itself.
        readElsewhere();
        return snapshot;
      }
      locked(() -> {
        if (stale && System.nanoTime() - retryAt >= 0) {
          try {
            read();
          } catch (RedisUnavailableException e) {
            log.debug("What is known of upstreams stays as it was: {}", e.getMessage());
          }
        }
      });
    }
    return snapshot;
  }

  private void readElsewhere() {
    if (elsewhere.compareAndSet(false, true)) {
      Threads.virtual(
          "longhaul-upstream-catalogue",
          () -> {
            elsewhere.set(false); // before it is read, so that a change meanwhile is not missed
            now();
          });
    }
  }

  // With the lock.
  private void read() {
    stale = false; // before it is read, so that a change meanwhile is not missed
    try {
      Map<String, String> current = store.versions();
      Set<String> switchedOff = Set.copyOf(store.switchedOff());
      List<String> changed =
          current.entrySet().stream()
              .filter(each -> !each.getValue().equals(versions.get(each.getKey())))
              .map(Map.Entry::getKey)
              .toList();
      Map<String, String> texts = store.read(changed);
      boolean other = !changed.isEmpty() || !switchedOff.equals(off);
      other |= versions.keySet().retainAll(current.keySet());
      known.keySet().retainAll(current.keySet());
      for (String name : changed) {
        parsed(name, texts.get(name));
        versions.put(name, Objects.requireNonNull(current.get(name)));
      }
      off = switchedOff;
      if (other) {
        build();
      }
    } catch (RuntimeException e) {
      retryAt = System.nanoTime() + RETRY_NANOS; // callers do not wait again and again
      stale = true;
      throw e;
    }
  }

  private void parsed(String name, @Nullable String text) {
    try {
      if (text != null) {
        known.put(name, PublishedCodec.published(text));
      }
    } catch (RuntimeException e) {
      // Such as what a later version has stored.
      log.warn("What is stored of the upstream {} cannot be read", name, e);
    }
  }

  private void build() {
    snapshot =
        builder.build(
            known.values().stream().filter(each -> !off.contains(each.upstream())).toList(),
            name -> runnable.test(name));
  }

  @Override
  public void close() {
    watch.close();
  }

  /** Asks the newest snapshot. */
  private final class Served implements ToolSource, Primitives {
    @Override
    public void awaitFirst() {
      CompletableFuture<?> discovered = first;
      if (discovered.isDone()) {
        return;
      }
      try {
        discovered.get(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException | ExecutionException e) {
        log.debug("A list does not wait longer for upstreams", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public Optional<Tool> find(String name) {
      return now().find(name);
    }

    @Override
    public Optional<Tool> runnable(String id) {
      return now().runnable(id);
    }

    @Override
    public Collection<Tool> all() {
      return now().all();
    }

    @Override
    public Collection<Resource> resources() {
      return now().resources();
    }

    @Override
    public Collection<ResourceTemplate> templates() {
      return now().templates();
    }

    @Override
    public Collection<Prompt> prompts() {
      return now().prompts();
    }

    @Override
    public Optional<PrimitiveHandler> reader(String uri) {
      return now().reader(uri);
    }

    @Override
    public Optional<String> resourceName(String uri) {
      return now().resourceName(uri);
    }

    @Override
    public Optional<Prompt> prompt(String name) {
      return now().prompt(name);
    }

    @Override
    public Optional<Completion> completion(Completion.Reference of) {
      return now().completion(of);
    }
  }
}
