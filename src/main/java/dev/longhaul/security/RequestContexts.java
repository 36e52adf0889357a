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
 * Gives every request its id and reads what else of it travels with the jobs it submits: the
 * preferred language and the trace context. The id is the client's own {@code X-Request-Id} if that
 * is usable, is answered under the same name, and stands in the logs as {@code request_id}.
 */
public final class RequestContexts implements HttpRequestFilter {
  /** The header that carries a request's id, both ways. */
  public static final String REQUEST_ID = "X-Request-Id";

  private static final int LONGEST_LANGUAGES = 256;
  private static final String ID_KEY = "request_id";
  private static final String CLIENT_KEY = "client_id";

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

  /** Serves the rest of a request within a context. */
  public static void within(
      RequestContext context, ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String idBefore = show(ID_KEY, context.requestId());
    String clientBefore = show(CLIENT_KEY, context.clientId());
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

  // Only to tell requests apart in logs: nothing is kept secret by it.
  private static String newId() {
    return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
  }

  /** The language that is liked best, as a BCP 47 tag (RFC 9110, 12.5.4), or null. */
  static @Nullable String language(@Nullable String header) {
    // "*" is what many HTTP libraries send by themselves.
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
