package dev.longhaul.job;

/** Where the REST API is ({@code longhaul.rest.path}), for the rooms that tell clients of it. */
public final class RestPath {
  /** For {@code @Value} and the paths of controllers: the path below that of Spring MVC. */
  public static final String CONFIGURED = "${longhaul.rest.path:/api/v1}";

  private RestPath() {}
}
