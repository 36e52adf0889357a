package dev.longhaul.catalog;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * The registry of this process's resources, prompts and completions. They are validated when
 * registered, so that a mistake stops the start instead of failing requests.
 */
public final class RegisteredPrimitives implements Primitives {
  private final Map<String, Resource> resources = synchronizedMap();
  private final Map<String, ResourceTemplate> templates = synchronizedMap();
  private final Map<String, Prompt> prompts = synchronizedMap();
  private final Map<Completion.Reference, Completion> completions = synchronizedMap();

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
      case PROMPT -> prompts.containsKey(of.id());
      case RESOURCE -> templates.containsKey(of.id()) || resources.containsKey(of.id());
    };
  }

  @Override
  public Collection<Resource> resources() {
    return copy(resources);
  }

  @Override
  public Collection<ResourceTemplate> templates() {
    return copy(templates);
  }

  @Override
  public Collection<Prompt> prompts() {
    return copy(prompts);
  }

  @Override
  public Optional<PrimitiveHandler> reader(String uri) {
    Resource resource = resources.get(uri);
    if (resource != null) {
      return Optional.of(resource.handler());
    }
    return template(uri).map(ResourceTemplate::handler);
  }

  @Override
  public Optional<String> resourceName(String uri) {
    return resources.containsKey(uri)
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
    return Optional.ofNullable(prompts.get(name));
  }

  @Override
  public Optional<Completion> completion(Completion.Reference of) {
    return Optional.ofNullable(completions.get(of));
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

  private static <K, V> void add(Map<K, V> map, K key, V value, String what) {
    if (map.putIfAbsent(key, value) != null) {
      throw new IllegalStateException(
          "Two " + what + " '" + key + "'; change one of them or leave its bean out.");
    }
  }

  private static <K, V> Map<K, V> synchronizedMap() {
    return Collections.synchronizedMap(new LinkedHashMap<>());
  }

  @SuppressWarnings("SynchronizationOnLocalVariableOrMethodParameter")
  private static <V> Collection<V> copy(Map<?, V> map) {
    synchronized (map) {
      return List.copyOf(map.values());
    }
  }
}
