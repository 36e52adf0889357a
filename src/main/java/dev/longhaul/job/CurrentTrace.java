package dev.longhaul.job;

import java.util.Map;

/**
 * The trace context that work begun by this thread belongs to: a bean where spans are made, so that
 * the span of a job is a child of the span that submitted it.
 */
@FunctionalInterface
public interface CurrentTrace {
  /** Without spans: what the client sent is passed on as it is. */
  CurrentTrace AS_GIVEN = given -> given;

  /**
   * The trace context.
   *
   * @param given that of the request or job, by name; see {@link TraceContext}
   */
  Map<String, String> of(Map<String, String> given);
}
