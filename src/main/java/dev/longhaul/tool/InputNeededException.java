package dev.longhaul.tool;

/**
 * Leaves a tool that has asked what only a new request can answer; the tool is run again with the
 * answers. Let it pass.
 */
public class InputNeededException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InputNeededException() {
    super("The client must answer first; the tool is run again then.", null, false, false);
  }
}
