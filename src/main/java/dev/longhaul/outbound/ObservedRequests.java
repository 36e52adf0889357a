package dev.longhaul.outbound;

import dev.longhaul.observation.GuardedObservation;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.RequestReplySenderContext;
import java.io.IOException;
import java.net.URISyntaxException;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.jspecify.annotations.Nullable;

/**
 * Observes requests to URLs of callers, by OpenTelemetry's conventions for HTTP clients, and sends
 * the trace along. The host is in spans only, because callers choose it; the path and query are
 * nowhere, because they may contain secrets.
 *
 * <p>Micrometer's own class for this is deprecated, and the one of the HTTP client that is to
 * replace it does not send the trace along:
 * https://github.com/micrometer-metrics/micrometer/issues/7158
 */
final class ObservedRequests implements ExecChainHandler {
  private static final String STATUS = "http.response.status_code";
  private static final String ERROR = "error.type";
  private static final String NONE = "none";

  private final ObservationRegistry registry;

  ObservedRequests(ObservationRegistry registry) {
    this.registry = registry;
  }

  @Override
  public ClassicHttpResponse execute(
      ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
      throws IOException, HttpException {
    Observation.Context context = context(request);
    try (var observation = GuardedObservation.start("longhaul.outbound", context, registry)) {
      try {
        ClassicHttpResponse response = chain.proceed(request, scope);
        context.addLowCardinalityKeyValue(
            KeyValue.of(STATUS, Integer.toString(response.getCode())));
        return response;
      } catch (IOException | HttpException | RuntimeException e) {
        context.addLowCardinalityKeyValue(KeyValue.of(ERROR, e.getClass().getSimpleName()));
        observation.error(e);
        throw e;
      }
    }
  }

  private static Observation.Context context(ClassicHttpRequest request) {
    var context =
        new RequestReplySenderContext<ClassicHttpRequest, ClassicHttpResponse>(
            (_, name, value) -> request.setHeader(name, value));
    context.setCarrier(request);
    context.setContextualName(request.getMethod());
    // A metric needs the same tags each time.
    context.addLowCardinalityKeyValues(
        KeyValues.of("http.request.method", request.getMethod(), STATUS, NONE, ERROR, NONE));
    String host = host(request);
    if (host != null) {
      context.addHighCardinalityKeyValue(KeyValue.of("server.address", host));
    }
    return context;
  }

  private static @Nullable String host(ClassicHttpRequest request) {
    try {
      return request.getUri().getHost();
    } catch (URISyntaxException e) {
      return null; // the request fails for this reason
    }
  }
}
