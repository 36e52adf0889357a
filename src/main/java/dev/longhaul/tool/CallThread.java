package dev.longhaul.tool;

import dev.longhaul.job.RequestContext;
import dev.longhaul.job.TraceContext;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.context.i18n.LocaleContext;
import org.springframework.context.i18n.LocaleContextHolder;

/**
 * Binds data of a call to the current thread for other libraries: the logging context (MDC) with
 * {@code job}, {@code tool}, {@code caller}, {@code request_id}, {@code client_id}, {@code
 * parent_job}, {@code traceparent} and {@code trace.id}, and Spring's locale.
 */
final class CallThread implements AutoCloseable {
  private final Map<String, @Nullable String> before = new LinkedHashMap<>();
  private final @Nullable LocaleContext localeBefore;
  private final boolean localeSet;

  private CallThread(JobContext call) {
    RequestContext request = call.request();
    put("job", call.id());
    put("tool", call.tool().isEmpty() ? null : call.tool());
    put("caller", call.caller());
    put("request_id", request.requestId());
    put("client_id", request.clientId());
    put("parent_job", request.parent());
    put("traceparent", call.client().trace().get("traceparent"));
    put("trace.id", TraceContext.id(call.client().trace()));
    localeSet = request.locale() != null;
    localeBefore = localeSet ? LocaleContextHolder.getLocaleContext() : null;
    if (request.locale() != null) {
      LocaleContextHolder.setLocale(Locale.forLanguageTag(request.locale()));
    }
  }

  /** Binds the call until it is closed, which restores the previous values. */
  static CallThread showing(JobContext call) {
    return new CallThread(call);
  }

  private void put(String key, @Nullable String value) {
    if (value != null) {
      before.put(key, MDC.get(key));
      MDC.put(key, value);
    }
  }

  @Override
  public void close() {
    before.forEach((key, value) -> {
      if (value == null) {
        MDC.remove(key);
      } else {
        MDC.put(key, value);
      }
    });
    if (localeSet) {
      LocaleContextHolder.setLocaleContext(localeBefore);
    }
  }
}
