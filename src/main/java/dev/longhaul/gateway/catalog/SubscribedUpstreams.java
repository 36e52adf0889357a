package dev.longhaul.gateway.catalog;

import dev.longhaul.gateway.catalog.ResourceOwners.Owned;
import dev.longhaul.gateway.catalog.WantedUpdates.OfUpstream;
import dev.longhaul.redis.RedisUnavailableException;
import dev.longhaul.thread.Threads;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * Has the upstreams of this process announce the updates that any process wants, and announces them
 * to all.
 */
final class SubscribedUpstreams {
  /** The message that an upstream announces what a process wants: upstream, process, version. */
  static final String IN_EFFECT = "in-effect ";

  private static final Logger log = LoggerFactory.getLogger(SubscribedUpstreams.class);

  private final UpstreamLinks links;
  private final SubscriptionStore store;
  private final BiConsumer<String, Long> ownInEffect;
  private final UpdateNotices notices;
  private final Map<String, Set<String>> subscribed = new ConcurrentHashMap<>();
  // By upstream and process, the version that was told to be in effect.
  private final Map<String, Map<String, Long>> told = new ConcurrentHashMap<>();
  private Map<String, WantedUpdates> others = Map.of();
  private boolean begun;

  /**
   * @param ownInEffect learns from which version on an upstream announces what this process wants
   * @param updated announces an update to all processes; may block
   */
  SubscribedUpstreams(
      UpstreamLinks links,
      SubscriptionStore store,
      BiConsumer<String, Long> ownInEffect,
      BiConsumer<String, String> updated) {
    this.links = links;
    this.store = store;
    this.ownInEffect = ownInEffect;
    this.notices =
        new UpdateNotices(resource -> updated.accept(resource.upstream(), resource.uri()));
    links.listen(
        new UpstreamLinks.Listener() {
          @Override
          public void changed(String upstream, String method) {
            // Discovery hears of it.
          }

          @Override
          public void resourceUpdated(String upstream, String uri) {
            heard(upstream, uri);
          }
        });
  }

  /** An upstream may announce what is below a resource that was subscribed to. */
  private void heard(String upstream, String uri) {
    Set<String> uris = subscribed.getOrDefault(upstream, Set.of());
    if (uris.contains(uri)) {
      notices.add(new Owned(upstream, uri));
      return;
    }
    for (String each : uris) {
      if (uri.startsWith(each)
          && (each.endsWith("/") || "/?#".indexOf(uri.charAt(each.length())) >= 0)) {
        notices.add(new Owned(upstream, each));
      }
    }
  }

  /**
   * Reads what all processes want, and asks the upstreams for it.
   *
   * @param own what this process wants
   */
  synchronized void apply(WantedUpdates own) {
    readOthers();
    Map<String, WantedUpdates> all = new HashMap<>(others);
    all.put(store.process(), own);
    Set<String> upstreams = new TreeSet<>(subscribed.keySet());
    all.values().forEach(each -> upstreams.addAll(each.upstreams().keySet()));
    for (String upstream : upstreams) {
      Map<String, Long> versions = new HashMap<>();
      all.forEach((process, wanted) -> versions.put(process, wanted.version(upstream)));
      versions.values().removeIf(version -> version == 0);
      Set<String> uris = joined(upstream, all.values());
      if (uris.isEmpty()) {
        subscribed.remove(upstream);
      } else {
        subscribed.put(upstream, uris);
      }
      // What others wanted before this process had begun may have changed since.
      boolean missed =
          !begun && others.values().stream().anyMatch(each -> each.version(upstream) > 0);
      links.subscribe(upstream, uris, missed, () -> inEffect(upstream, versions));
    }
    begun = true;
  }

  private void readOthers() {
    try {
      Map<String, WantedUpdates> read = new HashMap<>();
      store
          .wanted()
          .forEach((process, text) -> {
            try {
              read.put(process, WantedUpdates.of(text));
            } catch (JacksonException e) {
              log.debug("What a process of another version wants is ignored", e);
            }
          });
      read.remove(store.process());
      others = read;
      told.values().forEach(versions -> versions.keySet().retainAll(read.keySet()));
    } catch (RedisUnavailableException e) {
      log.debug("What other processes want stays as it was: {}", e.getMessage());
    }
  }

  // Those that are subscribed to stay when there are too many.
  private Set<String> joined(String upstream, Collection<WantedUpdates> all) {
    Set<String> wanted = new TreeSet<>();
    for (WantedUpdates each : all) {
      OfUpstream of = each.upstreams().get(upstream);
      if (of != null) {
        wanted.addAll(of.uris());
      }
    }
    Set<String> joined = new LinkedHashSet<>(subscribed.getOrDefault(upstream, Set.of()));
    joined.retainAll(wanted);
    joined.addAll(wanted);
    if (joined.size() > UpstreamSubscriptions.MOST) {
      log.warn(
          "Clients want the updates of {} resources of upstream {}; it is asked for {} of them",
          joined.size(),
          upstream,
          UpstreamSubscriptions.MOST);
    }
    return joined.stream().limit(UpstreamSubscriptions.MOST).collect(Collectors.toSet());
  }

  private void inEffect(String upstream, Map<String, Long> versions) {
    var _ =
        Threads.virtual(
            "longhaul-upstream-subscriptions",
            () -> versions.forEach((process, version) -> tell(upstream, process, version)));
  }

  private void tell(String upstream, String process, long version) {
    if (process.equals(store.process())) {
      ownInEffect.accept(upstream, version);
      return;
    }
    Map<String, Long> before = told.computeIfAbsent(upstream, _ -> new ConcurrentHashMap<>());
    Long last = before.put(process, version);
    if (last == null || last != version) {
      try {
        store.send(IN_EFFECT + upstream + " " + process + " " + version);
      } catch (RedisUnavailableException e) {
        log.debug("A process is not told that an upstream announces what it wants", e);
      }
    }
  }
}
