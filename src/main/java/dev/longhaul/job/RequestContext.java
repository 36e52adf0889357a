package dev.longhaul.job;

import dev.longhaul.thread.ThreadContext;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The request to which a piece of work belongs. A front door binds it to the request's thread; jobs
 * submitted there are stored with it, and so are the jobs that their tools submit.
 *
 * @param requestId the request's id: the client's {@code X-Request-Id}, else a generated one; null
 *     for work that no request began
 * @param clientId the OAuth client that the caller uses (RFC 9068, {@code client_id}), or null
 * @param locale the language that the caller prefers, as a BCP 47 tag, or null if unknown
 * @param trace the trace context that came with the request; see {@link TraceContext}
 * @param parent the id of the job whose tool submitted this, or null
 */
public record RequestContext(
    @Nullable String requestId,
    @Nullable String clientId,
    @Nullable String locale,
    Map<String, String> trace,
    @Nullable String parent) {
  /** Of work that no request began. */
  public static final RequestContext NONE = new RequestContext(null, null, null, Map.of(), null);

  // No quotes, spaces or control characters: it is written into logs and headers as it is.
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:/+=@~-]{1,128}");
  private static final ScopedValue<RequestContext> CURRENT = ScopedValue.newInstance();

  static {
    ThreadContext.register(RequestContext::carried);
  }

  public RequestContext {
    trace = Map.copyOf(trace);
  }

  /** Of the request that this thread serves; {@link #NONE} if it serves none. */
  public static RequestContext current() {
    return CURRENT.isBound() ? CURRENT.get() : NONE;
  }

  /** Whether a text is valid as a request's id. */
  public static boolean isId(@Nullable String text) {
    return text != null && ID.matcher(text).matches();
  }

  /** Does something for this request. */
  public <T extends @Nullable Object> T call(Callable<T> task) throws Exception {
    return ScopedValue.where(CURRENT, this).call(task::call);
  }

  /** The same task, doing for this thread's request what it does in whichever thread. */
  public static Runnable carried(Runnable task) {
    if (!CURRENT.isBound()) {
      return task;
    }
    RequestContext request = CURRENT.get();
    return () -> ScopedValue.where(CURRENT, request).run(task);
  }

  /** This context with the OAuth client that sent the request. */
  public RequestContext by(@Nullable String client) {
    return new RequestContext(requestId, client, locale, trace, parent);
  }

  /** This context with another trace context. */
  public RequestContext withTrace(Map<String, String> other) {
    return new RequestContext(requestId, clientId, locale, other, parent);
  }

  /**
   * The context of jobs that the tool of a job submits.
   *
   * @param job the job's id
   * @param jobTrace the trace context of the job
   */
  public RequestContext within(String job, Map<String, String> jobTrace) {
    return new RequestContext(requestId, clientId, locale, jobTrace, job);
  }
}
