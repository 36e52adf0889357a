package dev.longhaul.rest;

import dev.longhaul.job.RestPath;
import dev.longhaul.security.ServedPaths;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.MappingMatch;
import java.util.List;

/**
 * The paths of this front door. As a parameter of a controller it builds links for the client of
 * the request.
 *
 * @param base the beginning of all paths as the client sees it, with the context path of the host
 *     application
 */
public record Routes(String base) {
  public static final String BASE = RestPath.CONFIGURED;
  static final String JOBS = BASE + "/jobs";
  static final String BATCHES = BASE + "/batches";
  static final String CHAINS = BASE + "/chains";
  static final String TOOLS = BASE + "/tools";
  static final String CACHE = BASE + "/cache";
  static final String CLIENTS = BASE + "/clients";
  static final String KEYS = BASE + "/keys";
  static final String QUEUES = BASE + "/queues";
  static final String HEALTH = BASE + "/health";
  static final String STATISTICS = BASE + "/statistics";
  static final String UPSTREAMS = BASE + "/upstreams";
  static final String DEAD_LETTERS = BASE + "/dead-letters";

  /**
   * The paths as the client of a request sees them.
   *
   * @param path {@code longhaul.rest.path}
   */
  static Routes of(HttpServletRequest request, String path) {
    boolean below = request.getHttpServletMapping().getMappingMatch() == MappingMatch.PATH;
    String mvc = below ? request.getServletPath() : ""; // spring.mvc.servlet.path
    return new Routes(request.getContextPath() + mvc + path);
  }

  /** The path patterns of this front door's interceptors. */
  static List<String> patterns(String path, ServedPaths served) {
    return served.standalone()
        ? List.of(path + "/**")
        : ServedPaths.RESOURCES.stream().map(resource -> path + "/" + resource + "/**").toList();
  }

  /** One job. */
  String job(String id) {
    return base + "/jobs/" + id;
  }

  /** One batch. */
  String batch(String id) {
    return base + "/batches/" + id;
  }

  /** One chain. */
  String chain(String id) {
    return base + "/chains/" + id;
  }

  /** The replay of a dead job. */
  String replay(String id) {
    return base + "/dead-letters/" + id + "/replay";
  }
}
