package dev.longhaul.rest;

/** The paths of this front door. */
final class Routes {
  static final String BASE = "/api/v1";
  static final String JOBS = BASE + "/jobs";
  static final String BATCHES = BASE + "/batches";
  static final String CHAINS = BASE + "/chains";
  static final String TOOLS = BASE + "/tools";
  static final String CACHE = BASE + "/cache";
  static final String CLIENTS = BASE + "/clients";
  static final String QUEUES = BASE + "/queues";
  static final String DEAD_LETTERS = BASE + "/dead-letters";

  private Routes() {}

  /** One job. */
  static String job(String contextPath, String id) {
    return contextPath + JOBS + "/" + id;
  }

  /** Where a dead job is tried again. */
  static String replay(String contextPath, String id) {
    return contextPath + DEAD_LETTERS + "/" + id + "/replay";
  }
}
