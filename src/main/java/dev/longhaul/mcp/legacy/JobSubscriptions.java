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
 * Sends notifications/resources/updated to sessions that subscribed to jobs as resources. The
 * process that took the subscription sends them until the job ends; if that process stops, the
 * session gets no more of them and has to read the job.
 */
final class JobSubscriptions implements AutoCloseable {
  private static final Supervised NOTIFIED = new Supervised("notifying sessions of jobs");

  private final PushStreams pushStreams;
  private final JobWatches<Key> watches;

  JobSubscriptions(Operations operations, PushStreams pushStreams) {
    this.watches = new JobWatches<>(operations);
    this.pushStreams = pushStreams;
  }

  private record Key(String session, String uri) {}

  /**
   * Subscribes a session to a job.
   *
   * @throws RpcException {@code RESOURCE_NOT_FOUND} unless it is a job of the caller, {@code
   *     UNAVAILABLE} if this process serves too many subscriptions
   */
  void add(String session, Caller caller, String uri) {
    JobId id = JobUri.job(uri).orElseThrow(() -> unknown(uri));
    Key key = new Key(session, uri);
    try {
      if (!watches.follow(key, caller, id, _ -> notifySession(key))) {
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

  /** Ends the subscriptions of a session that has ended. */
  void end(String session) {
    watches.endAll(key -> key.session.equals(session));
  }

  @Override
  public void close() {
    watches.close();
  }

  // Retried while Redis is not available, since nothing else would report the last change.
  private void notifySession(Key key) {
    try {
      NOTIFIED.untilItWorks(() ->
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
