package dev.longhaul.mcp.delivery;

import dev.longhaul.job.JobId;
import java.util.function.Consumer;

/** The processes that serve MCP requests: whether they are alive, and whether their clients are. */
public interface ApiProcesses {

  /** The name of this process, new with each start. */
  String own();

  /**
   * Whether a process is alive. Sends it a message and waits up to a second for the reply.
   *
   * @return true also if that cannot be determined
   */
  boolean isAlive(String process);

  /**
   * Makes a process write to the clients that wait there for a job, which detects lost connections;
   * returns when it has done so.
   *
   * @return whether the process is alive, as {@link #isAlive} says
   */
  boolean probeClients(String process, JobId job);

  /** Sets what this process does when another one asks it to probe the clients of a job. */
  void onProbe(Consumer<JobId> probe);
}
