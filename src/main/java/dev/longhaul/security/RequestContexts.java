package dev.longhaul.security;

import dev.longhaul.job.RequestContext;
import dev.longhaul.job.TraceContext;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Gives every request an id and reads its preferred language and trace context, which are stored
 * with the jobs that it submits. The id is the client's {@code X-Request-Id} if that is valid, is
 * returned in the same header, and appears in logs as {@code request_id}.
 */
public final class RequestContexts implements HttpRequestFilter {
  /** The header with the request's id, in requests and responses. */
  public static final String REQUEST_ID = "X-Request-Id";

  private static final int LONGEST_LANGUAGES = 256;
  private static final String ID_KEY = "request_id";
  private static final String CLIENT_KEY = "client_id";
  private static final String TRACE_KEY = "trace.id"; // as ECS names it

  RequestContexts() {}

  @Override
  public void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String given = request.getHeader(REQUEST_ID);
    String id = given != null && RequestContext.isId(given) ? given : newId();
    response.setHeader(REQUEST_ID, id);
    within(
        new RequestContext(
            id,
            null,
            language(request.getHeader("Accept-Language")),
            TraceContext.of(request::getHeader),
            null),
        request,
        response,
        chain);
  }

  /** Serves a request within a context. */
  public static void within(
      RequestContext context, ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String idBefore = show(ID_KEY, context.requestId());
    String clientBefore = show(CLIENT_KEY, context.clientId());
    String traceBefore = show(TRACE_KEY, TraceContext.id(context.trace()));
    try {
      context.call(() -> {
        chain.doFilter(request, response);
        return context;
      });
    } catch (IOException | ServletException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new ServletException(e);
    } finally {
      show(ID_KEY, idBefore);
      show(CLIENT_KEY, clientBefore);
      show(TRACE_KEY, traceBefore);
    }
  }

  private static @Nullable String show(String key, @Nullable String value) {
    String before = MDC.get(key);
    if (value != null) {
      MDC.put(key, value);
    } else if (before != null) {
      MDC.remove(key);
    }
    return before;
  }

  // Needs only to be unique, not unpredictable.
  private static String newId() {
    return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
  }

  /** The most preferred language as a BCP 47 tag (RFC 9110, 12.5.4), or null. */
  static @Nullable String language(@Nullable String header) {
    // Many HTTP libraries send "*" by default.
    if (header == null || header.length() > LONGEST_LANGUAGES || header.equals("*")) {
      return null;
    }
    List<Locale.LanguageRange> ranges;
    try {
      ranges = Locale.LanguageRange.parse(header);
    } catch (IllegalArgumentException e) {
      return null;
    }
    for (Locale.LanguageRange range : ranges) {
      String tag = Locale.forLanguageTag(range.getRange()).toLanguageTag();
      if (range.getWeight() > 0 && !tag.equals("und")) {
        return tag;
      }
    }
    return null;
  }
}
