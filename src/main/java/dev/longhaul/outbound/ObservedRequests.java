package dev.longhaul.outbound;

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
    Observation observation = started(request);
    try {
      ClassicHttpResponse response = chain.proceed(request, scope);
      observation.lowCardinalityKeyValue(STATUS, Integer.toString(response.getCode()));
      return response;
    } catch (IOException | HttpException | RuntimeException e) {
      observation.lowCardinalityKeyValue(ERROR, e.getClass().getSimpleName()).error(e);
      throw e;
    } finally {
      observation.stop();
    }
  }

  private Observation started(ClassicHttpRequest request) {
    Observation observation =
        Observation.createNotStarted("longhaul.outbound", () -> context(request), registry)
            .contextualName(request.getMethod())
            .lowCardinalityKeyValue("http.request.method", request.getMethod())
            // A metric needs the same tags each time.
            .lowCardinalityKeyValue(STATUS, NONE)
            .lowCardinalityKeyValue(ERROR, NONE);
    try {
      String host = request.getUri().getHost();
      if (host != null) {
        observation.highCardinalityKeyValue("server.address", host);
      }
    } catch (URISyntaxException e) {
      // The request fails for this reason; it has no host.
    }
    return observation.start();
  }

  private static RequestReplySenderContext<ClassicHttpRequest, ClassicHttpResponse> context(
      ClassicHttpRequest request) {
    var context =
        new RequestReplySenderContext<ClassicHttpRequest, ClassicHttpResponse>(
            (carrier, name, value) -> request.setHeader(name, value));
    context.setCarrier(request);
    return context;
  }
}
