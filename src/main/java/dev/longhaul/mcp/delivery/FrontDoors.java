package dev.longhaul.mcp.delivery;

/** The processes that hold calls of clients open. */
public interface FrontDoors {

  /** The name of this process; another one after each start. */
  String own();

  /**
   * Whether a process lives. It is asked, so this can take a second where it does not.
   *
   * @return true also if that cannot be found out
   */
  boolean lives(String process);
}
