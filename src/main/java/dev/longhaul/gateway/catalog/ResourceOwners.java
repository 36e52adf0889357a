package dev.longhaul.gateway.catalog;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which upstream a resource is of, by the URI under which it is served, and under which URIs an
 * upstream's resource is served.
 *
 * @param resources the listed resources
 * @param templates what the templates match, in their order
 * @param anyUri the upstream that any other URI goes to, or null
 * @param isOwn whether a URI is one of this server's own
 * @param announcing the upstreams that announce updates of resources
 */
record ResourceOwners(
    Map<String, Owned> resources,
    List<Matching> templates,
    @Nullable String anyUri,
    Predicate<String> isOwn,
    Set<String> announcing) {
  static final ResourceOwners NONE =
      new ResourceOwners(Map.of(), List.of(), null, _ -> true, Set.of());

  /**
   * A resource of an upstream.
   *
   * @param uri its URI at the upstream
   */
  record Owned(String upstream, String uri) {}

  /**
   * What a template of an upstream matches.
   *
   * @param prefix what its served URIs have before the upstream's own; may be empty
   */
  record Matching(UriPattern pattern, String upstream, String prefix) {}

  /** Whose resource it is; empty if it is this server's own or nobody's. */
  Optional<Owned> owner(String served) {
    if (isOwn.test(served)) {
      return Optional.empty();
    }
    Owned listed = resources.get(served);
    if (listed != null) {
      return Optional.of(listed);
    }
    for (Matching template : templates) {
      if (template.pattern().matches(served)) {
        return Optional.of(
            new Owned(
                template.upstream(),
                served.startsWith(template.prefix())
                    ? served.substring(template.prefix().length())
                    : served));
      }
    }
    return Optional.ofNullable(anyUri).map(upstream -> new Owned(upstream, served));
  }

  /** The URIs under which a resource of an upstream is served. */
  Set<String> served(Owned resource) {
    Set<String> served = new TreeSet<>();
    for (String uri : List.of(resource.uri(), SharedUri.of(resource.upstream(), resource.uri()))) {
      if (owner(uri).filter(resource::equals).isPresent()) {
        served.add(uri);
      }
    }
    return served;
  }
}
