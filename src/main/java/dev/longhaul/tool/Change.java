package dev.longhaul.tool;

/** A change of the served tools, prompts or resources, of which subscribed clients are notified. */
public sealed interface Change {

  /** Tools were added or removed, or their descriptions have changed. */
  record Tools() implements Change {}

  /** Prompts were added or removed, or their descriptions have changed. */
  record Prompts() implements Change {}

  /** Resources or resource templates were added or removed, or their descriptions have changed. */
  record Resources() implements Change {}

  /**
   * The content of a resource has changed.
   *
   * @param uri the resource
   */
  record Resource(String uri) implements Change {
    public Resource {
      if (uri.isBlank()) {
        throw new IllegalArgumentException("the uri must not be blank");
      }
    }
  }
}
