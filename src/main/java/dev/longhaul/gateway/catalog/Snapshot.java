package dev.longhaul.gateway.catalog;

import dev.longhaul.catalog.Completion;
import dev.longhaul.catalog.PrimitiveHandler;
import dev.longhaul.catalog.Primitives;
import dev.longhaul.catalog.Prompt;
import dev.longhaul.catalog.Resource;
import dev.longhaul.catalog.ResourceTemplate;
import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What of all upstreams is served, at one time.
 *
 * @param all the tools, as listed
 * @param byName the tools by all their names
 * @param byId the tools by identity
 * @param resourcesByUri the resources by the URI under which they are served
 * @param anyUri reads any other URI, or null
 * @param owners whose resource is served under a URI
 * @param completions the completions by what they complete
 * @param upstreams what is served of each upstream
 */
record Snapshot(
    List<Tool> all,
    Map<String, Tool> byName,
    Map<String, Tool> byId,
    Map<String, Resource> resourcesByUri,
    List<Template> uriTemplates,
    @Nullable PrimitiveHandler anyUri,
    ResourceOwners owners,
    Map<String, Prompt> promptsByName,
    Map<Completion.Reference, Completion> completions,
    Map<String, OfUpstream> upstreams)
    implements ToolSource, Primitives {
  static final Snapshot EMPTY =
      new Snapshot(
          List.of(),
          Map.of(),
          Map.of(),
          Map.of(),
          List.of(),
          null,
          ResourceOwners.NONE,
          Map.of(),
          Map.of(),
          Map.of());

  /**
   * A template of an upstream.
   *
   * @param pattern finds the URIs that may be meant; the upstream itself decides
   */
  record Template(ResourceTemplate served, UriPattern pattern) {}

  /**
   * What is served of an upstream.
   *
   * @param published what is known of it
   * @param tools the served names of its tools
   * @param leftOut what is not served
   */
  record OfUpstream(Published published, List<String> tools, List<LeftOut> leftOut) {}

  @Override
  public void awaitFirst() {}

  @Override
  public Optional<Tool> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  @Override
  public Optional<Tool> runnable(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  @Override
  public Collection<Resource> resources() {
    return resourcesByUri.values();
  }

  @Override
  public Collection<ResourceTemplate> templates() {
    return uriTemplates.stream().map(Template::served).toList();
  }

  @Override
  public Collection<Prompt> prompts() {
    return promptsByName.values().stream().distinct().toList();
  }

  @Override
  public Optional<PrimitiveHandler> reader(String uri) {
    Resource resource = resourcesByUri.get(uri);
    return resource != null
        ? Optional.of(resource.handler())
        : template(uri)
            .map(template -> template.served().handler())
            .or(() -> Optional.ofNullable(anyUri));
  }

  @Override
  public Optional<String> resourceName(String uri) {
    return resourcesByUri.containsKey(uri)
        ? Optional.of(uri)
        : template(uri).map(template -> template.served().template().toString());
  }

  private Optional<Template> template(String uri) {
    return uriTemplates.stream().filter(template -> template.pattern().matches(uri)).findFirst();
  }

  @Override
  public Optional<Prompt> prompt(String name) {
    return Optional.ofNullable(promptsByName.get(name));
  }

  @Override
  public Optional<Completion> completion(Completion.Reference of) {
    return Optional.ofNullable(completions.get(of));
  }
}
