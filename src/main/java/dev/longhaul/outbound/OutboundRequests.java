package dev.longhaul.outbound;

import io.micrometer.common.KeyValues;
import io.micrometer.core.instrument.binder.httpcomponents.hc5.ApacheHttpClientContext;
import io.micrometer.core.instrument.binder.httpcomponents.hc5.ApacheHttpClientObservationConvention;
import java.net.URISyntaxException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * The names of a request to a URL of a caller, by OpenTelemetry's conventions for HTTP clients. The
 * host is in spans only, because callers choose it; the path and query are nowhere, because they
 * may contain secrets.
 */
final class OutboundRequests implements ApacheHttpClientObservationConvention {
  private static final String NONE = "none";

  @Override
  public String getName() {
    return "longhaul.outbound";
  }

  @Override
  public String getContextualName(ApacheHttpClientContext context) {
    return method(context);
  }

  @Override
  public KeyValues getLowCardinalityKeyValues(ApacheHttpClientContext context) {
    HttpResponse response = context.getResponse();
    Throwable error = context.getError();
    return KeyValues.of(
        "http.request.method",
        method(context),
        "http.response.status_code",
        response == null ? NONE : Integer.toString(response.getCode()),
        "error.type",
        error == null ? NONE : error.getClass().getSimpleName());
  }

  @Override
  public KeyValues getHighCardinalityKeyValues(ApacheHttpClientContext context) {
    String host = host(context.getCarrier());
    return host == null ? KeyValues.empty() : KeyValues.of("server.address", host);
  }

  // These tools only send GET and POST.
  private static String method(ApacheHttpClientContext context) {
    HttpRequest request = context.getCarrier();
    return request == null ? NONE : request.getMethod();
  }

  private static @Nullable String host(@Nullable HttpRequest request) {
    try {
      return request == null ? null : request.getUri().getHost();
    } catch (URISyntaxException e) {
      return null;
    }
  }
}
