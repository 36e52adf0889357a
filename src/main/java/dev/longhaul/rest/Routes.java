package dev.longhaul.rest;

/**
 * The paths of this front door. A controller's parameter of this type makes links for the client of
 * the request.
 *
 * @param contextPath where the host application is mounted, as the client sees it
 */
record Routes(String contextPath) {
  static final String BASE = "/api/v1";
  static final String JOBS = BASE + "/jobs";
  static final String BATCHES = BASE + "/batches";
  static final String CHAINS = BASE + "/chains";
  static final String TOOLS = BASE + "/tools";
  static final String CACHE = BASE + "/cache";
  static final String CLIENTS = BASE + "/clients";
  static final String QUEUES = BASE + "/queues";
  static final String DEAD_LETTERS = BASE + "/dead-letters";

  /** One job. */
  String job(String id) {
    return contextPath + JOBS + "/" + id;
  }

  /** One batch. */
  String batch(String id) {
    return contextPath + BATCHES + "/" + id;
  }

  /** One chain. */
  String chain(String id) {
    return contextPath + CHAINS + "/" + id;
  }

  /** Where a dead job is tried again. */
  String replay(String id) {
    return contextPath + DEAD_LETTERS + "/" + id + "/replay";
  }
}
