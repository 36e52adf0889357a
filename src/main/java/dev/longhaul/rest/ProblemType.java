package dev.longhaul.rest;

import java.util.Locale;
import org.springframework.http.HttpStatus;

/** Every kind of refusal of this front door; clients may rely on the type and the status. */
enum ProblemType {
  MALFORMED_JSON(HttpStatus.BAD_REQUEST, "Malformed JSON"),
  INVALID_REQUEST(HttpStatus.BAD_REQUEST, "Invalid request"),
  UNSUPPORTED_METHOD(HttpStatus.BAD_REQUEST, "Unsupported method"),
  UNKNOWN_ROUTE(HttpStatus.NOT_FOUND, "Unknown route"),
  UNKNOWN_JOB(HttpStatus.NOT_FOUND, "Unknown job"),
  UNKNOWN_BATCH(HttpStatus.NOT_FOUND, "Unknown batch"),
  UNKNOWN_CHAIN(HttpStatus.NOT_FOUND, "Unknown chain"),
  UNKNOWN_QUEUE(HttpStatus.NOT_FOUND, "Unknown queue"),
  UNKNOWN_UPSTREAM(HttpStatus.NOT_FOUND, "Unknown upstream"),
  UNKNOWN_KEY(HttpStatus.NOT_FOUND, "Unknown API key"),
  METHOD_NOT_ALLOWED(HttpStatus.METHOD_NOT_ALLOWED, "Method not allowed"),
  REQUEST_TIMEOUT(HttpStatus.REQUEST_TIMEOUT, "Request too slow"),
  NOT_ACCEPTABLE(HttpStatus.NOT_ACCEPTABLE, "Not acceptable"),
  NOT_FINISHED(HttpStatus.CONFLICT, "Job not finished"),
  ALREADY_FINISHED(HttpStatus.CONFLICT, "Job already finished"),
  NOT_HELD(HttpStatus.CONFLICT, "Job not held"),
  NOT_DEAD(HttpStatus.CONFLICT, "Job not dead"),
  IDEMPOTENCY_CONFLICT(HttpStatus.CONFLICT, "Idempotency key in use"),
  API_KEYS_OFF(HttpStatus.CONFLICT, "API keys off"),
  KEY_CONFLICT(HttpStatus.CONFLICT, "API key in the way"),
  RESULT_EXPIRED(HttpStatus.GONE, "Result expired"),
  REQUEST_TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE, "Request too large"),
  UNSUPPORTED_MEDIA_TYPE(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "Unsupported media type"),
  UNKNOWN_TOOL(HttpStatus.UNPROCESSABLE_CONTENT, "Unknown tool"),
  INVALID_ARGUMENTS(HttpStatus.UNPROCESSABLE_CONTENT, "Invalid arguments"),
  TOO_MANY_CALLS(HttpStatus.TOO_MANY_REQUESTS, "Too many calls"),
  QUEUE_FULL(HttpStatus.TOO_MANY_REQUESTS, "Queue full"),
  INTERNAL_ERROR(HttpStatus.INTERNAL_SERVER_ERROR, "Internal error"),
  QUEUE_DRAINING(HttpStatus.SERVICE_UNAVAILABLE, "Queue draining"),
  OVERLOADED(HttpStatus.SERVICE_UNAVAILABLE, "Overloaded"),
  UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "Store unavailable");

  private static final String PREFIX = "urn:longhaul:problem:";

  private final HttpStatus status;
  private final String title;

  ProblemType(HttpStatus status, String title) {
    this.status = status;
    this.title = title;
  }

  HttpStatus status() {
    return status;
  }

  String title() {
    return title;
  }

  /** The problem's {@code type}. */
  String uri() {
    return PREFIX + wire();
  }

  /** Its name, the last part of the {@code type}. */
  String wire() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
