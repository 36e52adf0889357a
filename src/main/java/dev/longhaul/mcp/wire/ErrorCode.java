package dev.longhaul.mcp.wire;

/**
 * The JSON-RPC error codes that this server sends. The protocol's codes come from JSON-RPC 2.0 and
 * the schema of 2026-07-28; Longhaul's own are outside the range reserved by JSON-RPC, as that
 * revision requires.
 */
public final class ErrorCode {
  /** The body is not JSON. */
  public static final int PARSE_ERROR = -32700;

  /** The JSON is not a valid message for this endpoint. */
  public static final int INVALID_REQUEST = -32600;

  /** The method does not exist on this revision. */
  public static final int METHOD_NOT_FOUND = -32601;

  /** The params are invalid; also for an unknown tool, task or cursor. */
  public static final int INVALID_PARAMS = -32602;

  /** The server failed; its log has the cause. */
  public static final int INTERNAL_ERROR = -32603;

  /** A header is missing, malformed or differs from the body (2026-07-28). */
  public static final int HEADER_MISMATCH = -32020;

  /** The client did not declare a capability that the request needs (2026-07-28). */
  public static final int MISSING_CAPABILITY = -32021;

  /** The revision is not served; data.supported lists those that are (2026-07-28). */
  public static final int UNSUPPORTED_VERSION = -32022;

  /** The session is unknown or has ended; earlier revisions only, always with HTTP 404. */
  public static final int SESSION_NOT_FOUND = -32001;

  /** The resource does not exist; earlier revisions only, INVALID_PARAMS on 2026-07-28. */
  public static final int RESOURCE_NOT_FOUND = -32002;

  /**
   * Longhaul: the queue is full; data.retryAfterSeconds says when to try again, without it trying
   * again is in vain.
   */
  public static final int QUEUE_FULL = -31001;

  /** Longhaul: the store is not available; a retry is safe. */
  public static final int UNAVAILABLE = -31002;

  /**
   * Longhaul: the idempotency key was used for a call with other arguments; data.operationId is its
   * job.
   */
  public static final int IDEMPOTENCY_CONFLICT = -31003;

  /** Longhaul: the operator drains the queue; data.retryAfterSeconds as above. */
  public static final int QUEUE_DRAINING = -31004;

  /** Longhaul: the caller has reached its limit of open subscriptions. */
  public static final int TOO_MANY_STREAMS = -31005;

  /** Longhaul: the caller requests completions too often; data.retryAfterSeconds as above. */
  public static final int TOO_MANY_COMPLETIONS = -31006;

  /**
   * Longhaul: this process, or the caller (HTTP 429), has reached its limit of requests in
   * progress; data.retryAfterSeconds as above.
   */
  public static final int OVERLOADED = -31007;

  private ErrorCode() {}
}
