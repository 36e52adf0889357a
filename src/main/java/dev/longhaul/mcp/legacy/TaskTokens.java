package dev.longhaul.mcp.legacy;

import dev.longhaul.job.JobId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Stores the progress tokens of the requests that began tasks; a token is valid as long as its task
 * exists.
 */
public interface TaskTokens {
  void keep(String session, JobId task, String token, Duration ttl);

  /** The token of a task of this session; null if it has none. */
  @Nullable String find(String session, JobId task);
}
