package dev.longhaul.mcp.legacy;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.Operations;
import dev.longhaul.intake.Refusal;
import dev.longhaul.job.JobId;
import dev.longhaul.mcp.primitive.JobUri;
import dev.longhaul.mcp.wire.ErrorCode;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.mcp.wire.RpcError;
import dev.longhaul.mcp.wire.RpcException;
import dev.longhaul.thread.Supervised;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tells sessions of jobs that they subscribed to as resources, by notifications/resources/updated.
 * The process that took the subscription tells, until the job has ended; if it is gone, the session
 * is not told any more and finds the job by reading it.
 */
final class JobUpdates implements AutoCloseable {
  private static final Supervised TOLD = new Supervised("telling sessions of jobs");

  private final PushStreams pushStreams;
  private final JobWatches<Key> watches;

  JobUpdates(Operations operations, PushStreams pushStreams) {
    this.watches = new JobWatches<>(operations);
    this.pushStreams = pushStreams;
  }

  private record Key(String session, String uri) {}

  /**
   * Begins to tell a session of a job.
   *
   * @throws RpcException {@code RESOURCE_NOT_FOUND} unless it is a job of the caller, {@code
   *     UNAVAILABLE} if this process serves too many
   */
  void add(String session, Caller caller, String uri) {
    JobId id = JobUri.job(uri).orElseThrow(() -> unknown(uri));
    Key key = new Key(session, uri);
    try {
      if (!watches.follow(key, caller, id, _ -> tell(key))) {
        throw new RpcException(
            200,
            ErrorCode.UNAVAILABLE,
            "This process serves too many subscriptions; read the job.");
      }
    } catch (IntakeException e) {
      e.unless(Refusal.UnknownJob.class);
      throw unknown(uri);
    }
  }

  void remove(String session, String uri) {
    watches.end(new Key(session, uri));
  }

  /** The session has ended. */
  void end(String session) {
    watches.endAll(key -> key.session.equals(session));
  }

  @Override
  public void close() {
    watches.close();
  }

  // Repeated while Redis is away, until the watch ends: the last change is told by nothing else.
  private void tell(Key key) {
    try {
      TOLD.untilItWorks(() ->
          pushStreams.send(
              key.session,
              Replies.notification(
                  "notifications/resources/updated", Replies.object().put("uri", key.uri))));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static RpcException unknown(String uri) {
    ObjectNode data = Replies.object().put("uri", uri);
    return new RpcException(
        200, new RpcError(ErrorCode.RESOURCE_NOT_FOUND, "Resource not found", data));
  }
}
