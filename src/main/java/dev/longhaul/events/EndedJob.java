package dev.longhaul.events;

import dev.longhaul.job.FlowRef;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.queue.Claim;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The data of an ended job that is available without reading the store.
 *
 * @param method its MCP method
 * @param tool the tool it called, or null if its method calls none
 * @param owner its owner
 * @param queue the queue it waited in
 * @param attempt how many attempts have started
 * @param createdAt when it was stored
 * @param metadata the caller's metadata
 * @param flow its position in a batch or chain, or null
 */
public record EndedJob(
    JobId id,
    String method,
    @Nullable String tool,
    String owner,
    String queue,
    int attempt,
    Instant createdAt,
    Map<String, String> metadata,
    @Nullable FlowRef flow) {

  public EndedJob {
    metadata = Map.copyOf(metadata);
  }

  static EndedJob of(Claim claim) {
    return new EndedJob(
        claim.id(),
        claim.method(),
        claim.tool(),
        claim.owner(),
        claim.queue(),
        claim.attempt(),
        claim.createdAt(),
        claim.metadata(),
        claim.flow());
  }

  static EndedJob of(Job job) {
    return new EndedJob(
        job.id(),
        job.method(),
        job.tool(),
        job.owner(),
        job.queue(),
        job.attempt(),
        job.times().createdAt(),
        job.metadata(),
        job.links().flow());
  }
}
