package dev.longhaul.catalog;

/**
 * An MCP completion: proposes values for the arguments of a prompt or the variables of a resource
 * template.
 *
 * @param of the prompt or template
 * @param handler proposes the values
 */
public record Completion(Reference of, PrimitiveHandler handler) {

  /**
   * The prompt or template that a completion belongs to.
   *
   * @param kind a prompt or a resource template
   * @param id the prompt's name or the template as it is listed
   */
  public record Reference(Kind kind, String id) {}

  /** A prompt or resource template whose arguments can be completed. */
  public enum Kind {
    PROMPT("ref/prompt", "name"),
    RESOURCE("ref/resource", "uri");

    private final String wire;
    private final String field;

    Kind(String wire, String field) {
      this.wire = wire;
      this.field = field;
    }

    /** The {@code type} of a reference. */
    public String wire() {
      return wire;
    }

    /** The field of a reference that holds its id. */
    public String field() {
      return field;
    }
  }
}
