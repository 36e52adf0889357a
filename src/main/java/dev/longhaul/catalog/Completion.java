package dev.longhaul.catalog;

/**
 * Proposes values for the arguments of a prompt or the variables of a resource template.
 *
 * @param of what it completes
 * @param handler proposes values
 */
public record Completion(Reference of, PrimitiveHandler handler) {

  /**
   * What a completion belongs to.
   *
   * @param kind a prompt or a resource template
   * @param id the prompt's name or the template as it is listed
   */
  public record Reference(Kind kind, String id) {}

  /** What can be completed; the wire's names are {@code ref/prompt} and {@code ref/resource}. */
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
