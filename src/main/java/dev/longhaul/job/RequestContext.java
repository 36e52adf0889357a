package dev.longhaul.job;

import dev.longhaul.thread.ThreadContext;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which request a piece of work belongs to. A front door binds it to the request's thread; whatever
 * is submitted there is stored with it, and whatever its tool submits in turn carries it on.
 *
 * @param requestId the request's id: what the client sent as {@code X-Request-Id}, else one made
 *     here; null for work that no request began
 * @param clientId the OAuth client that the caller uses (RFC 9068, {@code client_id}), or null
 * @param locale the language the caller prefers, as a BCP 47 tag, or null if it has not said
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

  /** Whether a text can be a request's id. */
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

  /** The same request, once it is known which OAuth client sent it. */
  public RequestContext by(@Nullable String client) {
    return new RequestContext(requestId, client, locale, trace, parent);
  }

  /**
   * What the tool of a job submits belongs to.
   *
   * @param job the job's id
   * @param jobTrace the trace context of the job
   */
  public RequestContext within(String job, Map<String, String> jobTrace) {
    return new RequestContext(requestId, clientId, locale, jobTrace, job);
  }
}
