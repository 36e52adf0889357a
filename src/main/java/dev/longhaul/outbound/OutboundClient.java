package dev.longhaul.outbound;

import io.micrometer.observation.ObservationRegistry;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.util.Timeout;

/** HTTP clients for URLs given by callers and by the operator. */
public final class OutboundClient {
  private static final int MAX_HEADER_LINE = 32_768;
  private static final int MAX_HEADERS = 200;

  private OutboundClient() {}

  /**
   * A client without redirects, cookies, automatic retries and decompression.
   *
   * @param resolver checks the addresses
   * @param connections the maximum number of connections
   * @param timeout the limit of a connect and of each read; the caller limits the total time
   * @param agent the User-Agent
   * @param observations observes each request, and gives it the trace context where traces are on
   */
  public static HttpClientBuilder builder(
      GuardedResolver resolver,
      int connections,
      Timeout timeout,
      String agent,
      ObservationRegistry observations) {
    var manager =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setDnsResolver(resolver)
            .setMaxConnTotal(connections)
            .setMaxConnPerRoute(connections)
            .setDefaultConnectionConfig(
                ConnectionConfig.custom()
                    .setConnectTimeout(timeout)
                    .setSocketTimeout(timeout)
                    .build())
            .setDefaultSocketConfig(SocketConfig.custom().setSoTimeout(timeout).build());
    return builder(
        manager,
        RequestConfig.custom()
            .setConnectionRequestTimeout(timeout)
            .setResponseTimeout(timeout)
            .build(),
        agent,
        observations);
  }

  /**
   * A client without redirects, cookies, automatic retries and decompression.
   *
   * @param connections its connections, whose headers are limited here
   * @param requests the limits of requests
   * @param agent the User-Agent
   * @param observations observes each request, and gives it the trace context where traces are on
   */
  public static HttpClientBuilder builder(
      PoolingHttpClientConnectionManagerBuilder connections,
      RequestConfig requests,
      String agent,
      ObservationRegistry observations) {
    var factory =
        ManagedHttpClientConnectionFactory.builder()
            .http1Config(
                Http1Config.custom()
                    .setMaxLineLength(MAX_HEADER_LINE)
                    .setMaxHeaderCount(MAX_HEADERS)
                    .build())
            .build();
    return HttpClients.custom()
        .setConnectionManager(connections.setConnectionFactory(factory).build())
        .setDefaultRequestConfig(
            // Some servers refuse requests that offer a protocol upgrade.
            RequestConfig.copy(requests).setProtocolUpgradeEnabled(false).build())
        .setUserAgent(agent)
        .addExecInterceptorFirst("observation", new ObservedRequests(observations))
        .disableRedirectHandling()
        .disableCookieManagement()
        .disableAuthCaching()
        .disableAutomaticRetries()
        .disableContentCompression();
  }
}
