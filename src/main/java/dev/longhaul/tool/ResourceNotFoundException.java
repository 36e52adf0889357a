package dev.longhaul.tool;

import tools.jackson.databind.node.ObjectNode;

/**
 * Thrown by a resource if there is nothing at the URI; the client gets the error code of its
 * revision.
 */
public class ResourceNotFoundException extends ToolRefusedException {
  /** The code on earlier revisions; on 2026-07-28 it is "invalid params". */
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
