package dev.longhaul.job;

/** The path of the REST API ({@code longhaul.rest.path}), for packages that give clients links. */
public final class RestPath {
  /** For {@code @Value} and the paths of controllers: the path below that of Spring MVC. */
  public static final String CONFIGURED = "${longhaul.rest.path:/api/v1}";

  private RestPath() {}
}
