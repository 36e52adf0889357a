package dev.longhaul.tool;

/** Where a tool's calls over MCP run. Over REST every call is a job. */
public enum Execution {
  /** In the process that received the request, at once, without being stored. For quick tools. */
  INLINE,
  /** As a durable job on a worker. */
  QUEUED,
  /**
   * Decided per call: as a job if the arguments are large, the tool is slow on average, or the call
   * has options that need a job; else inline.
   */
  AUTO
}
