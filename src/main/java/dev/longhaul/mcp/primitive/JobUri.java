package dev.longhaul.mcp.primitive;

import dev.longhaul.job.JobId;
import java.util.Optional;

/** The URIs of jobs and their results as resources. */
public final class JobUri {
  private static final String PREFIX = "longhaul://jobs/";
  private static final String RESULT = "/result";

  private JobUri() {}

  /** Whether the URI has the form of a job's, even if there is no such job. */
  public static boolean is(String uri) {
    return uri.startsWith(PREFIX);
  }

  /** The id of the job that such a URI names; empty if that is not a valid id. */
  public static Optional<JobId> job(String uri) {
    String path = uri.substring(PREFIX.length());
    String id = path.endsWith(RESULT) ? path.substring(0, path.length() - RESULT.length()) : path;
    return JobId.isValid(id) ? Optional.of(new JobId(id)) : Optional.empty();
  }
}
