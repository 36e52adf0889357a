package dev.longhaul.mcp.legacy;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.Intake;
import dev.longhaul.intake.IntakeException;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.mcp.wire.ErrorCode;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.mcp.wire.RpcError;
import dev.longhaul.mcp.wire.RpcException;
import dev.longhaul.queue.JobQueue.Watch;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tells sessions of jobs that they subscribed to as resources, by notifications/resources/updated.
 * The process that took the subscription tells, until the job has ended; if it is gone, the session
 * is not told any more and finds the job by reading it.
 */
final class JobUpdates implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(JobUpdates.class);

  private static final String PREFIX = "longhaul://jobs/";
  private static final String RESULT = "/result";

  /** How many subscriptions one process serves. */
  private static final int MOST = 1_000;

  private final Intake intake;
  private final PushStreams pushStreams;
  private final Semaphore room = new Semaphore(MOST);
  private final Map<Key, Watch> watches = new ConcurrentHashMap<>();

  JobUpdates(Intake intake, PushStreams pushStreams) {
    this.intake = intake;
    this.pushStreams = pushStreams;
  }

  private record Key(String session, String uri) {}

  /** Whether the URI is that of a job. */
  static boolean serves(String uri) {
    return uri.startsWith(PREFIX);
  }

  /**
   * Begins to tell a session of a job.
   *
   * @throws RpcException {@code RESOURCE_NOT_FOUND} unless it is a job of the caller, {@code
   *     UNAVAILABLE} if this process serves too many
   */
  void add(String session, Caller caller, String uri) {
    String path = uri.substring(PREFIX.length());
    String id = path.endsWith(RESULT) ? path.substring(0, path.length() - RESULT.length()) : path;
    if (!JobId.isValid(id)) {
      throw unknown(uri);
    }
    if (!room.tryAcquire()) {
      throw new RpcException(
          200, ErrorCode.UNAVAILABLE, "This process serves too many subscriptions; read the job.");
    }
    Key key = new Key(session, uri);
    try {
      Watch watch = intake.follow(caller, new JobId(id), job -> tell(key, job));
      Watch before = watches.put(key, watch);
      if (before != null) {
        room.release();
        before.close();
      }
      // It may have ended before it was noted here.
      if (intake.job(caller, new JobId(id)).state().terminal()) {
        remove(key);
      }
    } catch (IntakeException.UnknownJob e) {
      room.release();
      throw unknown(uri);
    } catch (IntakeException e) {
      room.release();
      throw e;
    }
  }

  void remove(String session, String uri) {
    remove(new Key(session, uri));
  }

  /** The session has ended. */
  void end(String session) {
    watches.keySet().stream().filter(key -> key.session.equals(session)).forEach(this::remove);
  }

  @Override
  public void close() {
    watches.keySet().forEach(this::remove);
  }

  private void tell(Key key, Job job) {
    try {
      pushStreams.send(
          key.session,
          Replies.notification(
              "notifications/resources/updated", Replies.object().put("uri", key.uri)));
    } catch (DataAccessException e) {
      log.debug("A session was not told of job {}", job.id(), e);
    }
    if (job.state().terminal()) {
      remove(key);
    }
  }

  private void remove(Key key) {
    Watch watch = watches.remove(key);
    if (watch != null) {
      room.release();
      watch.close();
    }
  }

  private static RpcException unknown(String uri) {
    ObjectNode data = Replies.object().put("uri", uri);
    return new RpcException(
        200, new RpcError(ErrorCode.RESOURCE_NOT_FOUND, "Resource not found", data));
  }
}
