package dev.longhaul.rest;

/** The paths of this front door. */
final class Routes {
  static final String BASE = "/api/v1";
  static final String JOBS = BASE + "/jobs";
  static final String TOOLS = BASE + "/tools";

  private Routes() {}

  /** One job. */
  static String job(String contextPath, String id) {
    return contextPath + JOBS + "/" + id;
  }
}
