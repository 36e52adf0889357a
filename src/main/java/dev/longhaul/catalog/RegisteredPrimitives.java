package dev.longhaul.catalog;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.node.ObjectNode;

/**
 * The registry of this process's resources, prompts and completions. They are validated when
 * registered, so that a mistake stops the start instead of failing requests.
 */
public final class RegisteredPrimitives implements Primitives {
  private final Registry<String, Resource> resources = new Registry<>();
  private final Registry<String, ResourceTemplate> templates = new Registry<>();
  private final Registry<String, Prompt> prompts = new Registry<>();
  private final Registry<Completion.Reference, Completion> completions = new Registry<>();

  /**
   * Adds a resource.
   *
   * @throws IllegalStateException if its URI is invalid or already registered, or it has no name
   */
  public void register(Resource resource) {
    String uri = resource.uri();
    requireName("resource", uri, resource.description());
    if (!isAbsolute(uri)) {
      throw new IllegalStateException(
          "The resource URI '"
              + uri
              + "' is not an absolute URI (RFC 3986); begin it with a scheme.");
    }
    add(resources, uri, resource, "resources have the URI");
  }

  /**
   * Adds a template.
   *
   * @throws IllegalStateException if it is already registered or has no name
   */
  public void register(ResourceTemplate template) {
    String text = template.template().toString();
    requireName("resource template", text, template.description());
    add(templates, text, template, "resource templates are");
  }

  /**
   * Adds a prompt.
   *
   * @throws IllegalStateException if its name is empty or already registered
   */
  public void register(Prompt prompt) {
    requireName("prompt", prompt.name(), prompt.description());
    add(prompts, prompt.name(), prompt, "prompts are named");
  }

  /**
   * Adds a completion; what it completes must be registered before.
   *
   * @throws IllegalStateException if its prompt or template is unknown or already has a completion
   */
  public void register(Completion completion) {
    Completion.Reference of = completion.of();
    if (!knows(of)) {
      throw new IllegalStateException(
          "A completion is for the "
              + (of.kind() == Completion.Kind.PROMPT ? "prompt '" : "resource template '")
              + of.id()
              + "', which is not served; correct the name, or leave the completion out.");
    }
    add(completions, of, completion, "completions are for");
  }

  /** Whether there is a prompt, template or resource to which the reference points. */
  boolean knows(Completion.Reference of) {
    return switch (of.kind()) {
      case PROMPT -> prompts.has(of.id());
      case RESOURCE -> templates.has(of.id()) || resources.has(of.id());
    };
  }

  @Override
  public Collection<Resource> resources() {
    return resources.all();
  }

  @Override
  public Collection<ResourceTemplate> templates() {
    return templates.all();
  }

  @Override
  public Collection<Prompt> prompts() {
    return prompts.all();
  }

  @Override
  public Optional<PrimitiveHandler> reader(String uri) {
    Optional<Resource> resource = resources.get(uri);
    return resource.isPresent()
        ? resource.map(Resource::handler)
        : template(uri).map(ResourceTemplate::handler);
  }

  @Override
  public Optional<String> resourceName(String uri) {
    return resources.has(uri)
        ? Optional.of(uri)
        : template(uri).map(template -> template.template().toString());
  }

  private Optional<ResourceTemplate> template(String uri) {
    return templates().stream()
        .filter(template -> template.template().match(uri).isPresent())
        .findFirst();
  }

  @Override
  public Optional<Prompt> prompt(String name) {
    return prompts.get(name);
  }

  @Override
  public Optional<Completion> completion(Completion.Reference of) {
    return completions.get(of);
  }

  private static void requireName(String kind, String id, ObjectNode description) {
    if (id.isBlank() || description.path("name").asString("").isBlank()) {
      throw new IllegalStateException("The " + kind + " '" + id + "' has no name; give it one.");
    }
  }

  private static boolean isAbsolute(String uri) {
    try {
      return new URI(uri).isAbsolute();
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static <K, V> void add(Registry<K, V> registry, K key, V value, String what) {
    if (!registry.add(key, value)) {
      throw new IllegalStateException(
          "Two " + what + " '" + key + "'; change one of them or leave its bean out.");
    }
  }

  /** Values by key, looked up without a lock; a list keeps their order. */
  private static final class Registry<K, V> {
    private final Map<K, V> byKey = new ConcurrentHashMap<>();
    private volatile List<V> ordered = List.of();

    synchronized boolean add(K key, V value) {
      if (byKey.putIfAbsent(key, value) != null) {
        return false;
      }
      List<V> all = new ArrayList<>(ordered);
      all.add(value);
      ordered = List.copyOf(all);
      return true;
    }

    boolean has(K key) {
      return byKey.containsKey(key);
    }

    Optional<V> get(K key) {
      return Optional.ofNullable(byKey.get(key));
    }

    List<V> all() {
      return ordered;
    }
  }
}
