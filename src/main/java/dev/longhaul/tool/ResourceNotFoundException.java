package dev.longhaul.tool;

import tools.jackson.databind.node.ObjectNode;

/**
 * Thrown by a resource to say that nothing is at the URI: the client gets the code its revision has
 * for that.
 */
public class ResourceNotFoundException extends ToolRefusedException {
  /** What earlier revisions answer; 2026-07-28 has "invalid params" instead. */
  public static final int CODE = -32002;

  private static final long serialVersionUID = 1L;

  public ResourceNotFoundException(String message) {
    super(CODE, message);
  }

  /**
   * @param data the error's data: the URI
   */
  public ResourceNotFoundException(String message, ObjectNode data) {
    super(CODE, message, data);
  }
}
