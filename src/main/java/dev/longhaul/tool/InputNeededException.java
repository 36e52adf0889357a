package dev.longhaul.tool;

/**
 * Thrown in a tool that has asked questions which only a new request can answer; the tool runs
 * again with the answers. Do not catch it.
 */
public class InputNeededException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InputNeededException() {
    super("The client must answer first; the tool is run again then.", null, false, false);
  }
}
