package dev.longhaul.job;

/** What a process does ({@code longhaul.role}): front doors, work, or both. */
public enum Role {
  ALL,
  API,
  WORKER;

  /** The property that sets it. */
  public static final String PROPERTY = "longhaul.role";

  /**
   * For {@code @ConditionalOnExpression}: the same as {@link #servesFrontDoors} of the set role.
   */
  public static final String IF_FRONT_DOORS =
      "!'worker'.equalsIgnoreCase('${" + PROPERTY + ":all}')";

  /** For {@code @ConditionalOnExpression}: the same as {@link #runsJobs} of the set role. */
  public static final String IF_JOBS = "!'api'.equalsIgnoreCase('${" + PROPERTY + ":all}')";

  public boolean servesFrontDoors() {
    return this != WORKER;
  }

  public boolean runsJobs() {
    return this != API;
  }
}
