package dev.longhaul.mcp.wire;

import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.QueueAnswers;
import dev.longhaul.intake.Refusal;
import dev.longhaul.load.OverloadedException;
import dev.longhaul.queue.QueueUnavailableException;
import dev.longhaul.schema.Violation;
import dev.longhaul.thread.OutOfMemory;
import dev.longhaul.tool.ToolRefusedException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import tools.jackson.databind.node.ObjectNode;

/** Converts every exception into a JSON-RPC error. */
public final class Failures {
  private static final Logger log = LoggerFactory.getLogger(Failures.class);

  private static final int RETRY_SECONDS = 5;

  private Failures() {}

  /**
   * The error to respond with. It never contains a stack trace, nor the message of an unexpected
   * exception.
   *
   * @param failure the exception or {@link Error} that a request ended with
   * @throws OutOfMemoryError if the failure is one
   */
  public static RpcException of(Throwable failure) {
    return switch (failure) {
      case RpcException e -> e;
      case IntakeException e -> new RpcException(200, of(e));
      case ToolRefusedException e -> refused(e);
      case QueueUnavailableException e -> new RpcException(200, of(QueueAnswers.unavailable(e)));
      case OverloadedException e -> new RpcException(e.status(), of(e));
      case DataAccessException _ ->
          new RpcException(
              503,
              new RpcError(
                  ErrorCode.UNAVAILABLE,
                  "The store is not available at the moment; a retry in "
                      + RETRY_SECONDS
                      + " s is safe.",
                  Replies.object().put("retryAfterSeconds", RETRY_SECONDS)));
      // The process is not reliable any more.
      case OutOfMemoryError e -> throw e;
      default -> {
        OutOfMemory.met(failure);
        log.error("An MCP request failed unexpectedly; its client got an internal error", failure);
        yield new RpcException(
            200, ErrorCode.INTERNAL_ERROR, "Internal error; the server's log has the details.");
      }
    };
  }

  /** The code of that error; writes nothing into the log. */
  public static int code(Throwable failure) {
    return switch (failure) {
      case RpcException _,
          IntakeException _,
          ToolRefusedException _,
          QueueUnavailableException _,
          OverloadedException _,
          DataAccessException _ ->
          of(failure).error().code();
      default -> ErrorCode.INTERNAL_ERROR;
    };
  }

  /** Rethrows an {@link OutOfMemoryError}; does nothing for other failures. */
  public static void requireMemory(Throwable failure) {
    if (failure instanceof OutOfMemoryError e) {
      throw e;
    }
  }

  /** The error with which a tool or handler refuses a request. */
  public static RpcException refused(ToolRefusedException refusal) {
    return new RpcException(
        200, new RpcError(refusal.code(), String.valueOf(refusal.getMessage()), refusal.data()));
  }

  private static RpcError of(IntakeException failure) {
    Refusal refusal = failure.refusal();
    String message = refusal.message();
    return switch (refusal) {
      case Refusal.BadRequest e -> new RpcError(ErrorCode.INVALID_PARAMS, named(e));
      case Refusal.UnknownTool _,
          Refusal.UnknownJob _,
          Refusal.InvalidFlow _,
          Refusal.UnknownFlow _,
          Refusal.FlowFinished _,
          Refusal.UnknownQueue _,
          Refusal.NotHeld _,
          Refusal.NotDead _,
          Refusal.NotFinished _,
          Refusal.ResultExpired _,
          Refusal.AlreadyFinished _ ->
          new RpcError(ErrorCode.INVALID_PARAMS, message);
      case Refusal.UnsupportedMethod _ -> new RpcError(ErrorCode.METHOD_NOT_FOUND, message);
      case Refusal.InvalidArguments e -> violating(message, e.violations());
      case Refusal.InvalidParams e -> violating(message, e.violations());
      case Refusal.IdempotencyConflict e ->
          new RpcError(
              ErrorCode.IDEMPOTENCY_CONFLICT,
              message,
              Replies.object().put("operationId", e.known().value()));
      case Refusal.QueueDraining _ ->
          new RpcError(
              ErrorCode.QUEUE_DRAINING,
              message,
              Replies.object()
                  .put("retryAfterSeconds", seconds(Refusal.QueueDraining.RETRY_AFTER)));
      case Refusal.QueueFull e ->
          new RpcError(ErrorCode.QUEUE_FULL, message, retryAfter(e.retryAfter()));
      case Refusal.Unavailable _ ->
          new RpcError(
              ErrorCode.UNAVAILABLE,
              message,
              Replies.object().put("retryAfterSeconds", RETRY_SECONDS));
    };
  }

  private static RpcError of(OverloadedException failure) {
    return new RpcError(
        ErrorCode.OVERLOADED,
        String.valueOf(failure.getMessage()),
        retryAfter(failure.retryAfter()));
  }

  private static @Nullable ObjectNode retryAfter(@Nullable Duration wait) {
    return wait == null ? null : Replies.object().put("retryAfterSeconds", seconds(wait));
  }

  private static RpcError violating(String message, List<Violation> all) {
    var data = Replies.object();
    var violations = data.putArray("violations");
    all.forEach(v -> violations.addObject().put("path", v.path()).put("message", v.message()));
    return new RpcError(ErrorCode.INVALID_PARAMS, message, data);
  }

  // Over MCP an option is always a key of _meta.
  private static String named(Refusal.BadRequest failure) {
    String message = failure.message();
    return failure.option() == null
        ? message
        : "_meta[\"" + CallOptions.PREFIX + failure.option() + "\"]: " + message;
  }

  private static long seconds(Duration duration) {
    return Math.max(1, duration.plusMillis(999).toSeconds());
  }
}
