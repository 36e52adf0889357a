package dev.longhaul.mcp.delivery;

import dev.longhaul.job.JobId;
import java.util.function.Consumer;

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

  /**
   * Has a process look whether the clients of the calls that it holds of a job are still there;
   * when this returns, it has looked.
   *
   * @return whether the process lives, as {@link #lives} says
   */
  boolean look(String process, JobId job);

  /** Who looks when this process is asked to; it may take a moment. */
  void onLook(Consumer<JobId> looks);
}
