package dev.longhaul.gateway.catalog;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/**
 * The resources whose updates a process wants.
 *
 * @param upstreams by the name of the upstream
 */
record WantedUpdates(Map<String, OfUpstream> upstreams) {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final WantedUpdates NONE = new WantedUpdates(Map.of());

  WantedUpdates {
    upstreams = Map.copyOf(upstreams);
  }

  /**
   * What it wants of one upstream.
   *
   * @param version higher than that of what it wanted before
   * @param uris the upstream's own URIs
   */
  record OfUpstream(long version, Set<String> uris) {
    OfUpstream {
      uris = Set.copyOf(uris);
    }
  }

  static WantedUpdates none() {
    return NONE;
  }

  /**
   * What it wants now.
   *
   * @param version the version of what is not the same as before
   */
  WantedUpdates next(Map<String, Set<String>> uris, long version) {
    Map<String, OfUpstream> next = new TreeMap<>();
    uris.forEach((upstream, wanted) -> {
      OfUpstream before = upstreams.get(upstream);
      next.put(
          upstream,
          before != null && before.uris().equals(wanted)
              ? before
              : new OfUpstream(version, wanted));
    });
    return new WantedUpdates(next);
  }

  /** The version of what it wants of an upstream; 0 if nothing. */
  long version(String upstream) {
    OfUpstream wanted = upstreams.get(upstream);
    return wanted == null ? 0 : wanted.version();
  }

  boolean isEmpty() {
    return upstreams.isEmpty();
  }

  /** As JSON. */
  String text() {
    var json = JSON.createObjectNode();
    upstreams.forEach((upstream, wanted) -> {
      var uris = json.putObject(upstream).put("version", wanted.version()).putArray("uris");
      wanted.uris().stream().sorted().forEach(uris::add);
    });
    return json.toString();
  }

  /**
   * Reads what {@link #text} has written.
   *
   * @throws tools.jackson.core.JacksonException if it is no JSON
   */
  static WantedUpdates of(String text) {
    Map<String, OfUpstream> upstreams = new TreeMap<>();
    for (var each : JSON.readTree(text).properties()) {
      Set<String> uris =
          each.getValue()
              .path("uris")
              .valueStream()
              .map(uri -> uri.asString(""))
              .collect(Collectors.toCollection(TreeSet::new));
      upstreams.put(
          Objects.requireNonNull(each.getKey()),
          new OfUpstream(each.getValue().path("version").asLong(0), uris));
    }
    return new WantedUpdates(upstreams);
  }
}
