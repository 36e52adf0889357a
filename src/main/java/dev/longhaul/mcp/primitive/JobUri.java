package dev.longhaul.mcp.primitive;

import dev.longhaul.job.JobId;
import java.util.Optional;

/** The URIs under which a job, or its result, is a resource that can be subscribed to. */
public final class JobUri {
  private static final String PREFIX = "longhaul://jobs/";
  private static final String RESULT = "/result";

  private JobUri() {}

  /** Whether the URI is meant for a job, even if there is no such one. */
  public static boolean is(String uri) {
    return uri.startsWith(PREFIX);
  }

  /** The job that such a URI names; empty if it can name none. */
  public static Optional<JobId> job(String uri) {
    String path = uri.substring(PREFIX.length());
    String id = path.endsWith(RESULT) ? path.substring(0, path.length() - RESULT.length()) : path;
    return JobId.isValid(id) ? Optional.of(new JobId(id)) : Optional.empty();
  }
}
