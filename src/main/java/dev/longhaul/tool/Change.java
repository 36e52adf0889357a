package dev.longhaul.tool;

/** Something of what is served has changed; clients that asked for it are told. */
public sealed interface Change {

  /** Tools were added or removed, or describe themselves otherwise. */
  record Tools() implements Change {}

  /** Prompts were added or removed, or describe themselves otherwise. */
  record Prompts() implements Change {}

  /** Resources or resource templates were added or removed, or describe themselves otherwise. */
  record Resources() implements Change {}

  /**
   * A resource reads differently now.
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
