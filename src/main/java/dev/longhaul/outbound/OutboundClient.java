package dev.longhaul.outbound;

import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.util.Timeout;

/** An HTTP client for requests to hosts that somebody else named. */
public final class OutboundClient {
  private static final int MAX_HEADER_LINE = 32_768;
  private static final int MAX_HEADERS = 200;

  private OutboundClient() {}

  /**
   * One that follows no redirect, keeps no cookie, repeats nothing by itself and inflates nothing.
   *
   * @param resolver checks what it connects to
   * @param connections how many at once
   * @param timeout of a connect, and of each wait for bytes; the whole has to be limited apart
   * @param agent how it names itself
   */
  public static HttpClientBuilder builder(
      GuardedResolver resolver, int connections, Timeout timeout, String agent) {
    var manager =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setDnsResolver(resolver)
            .setConnectionFactory(
                ManagedHttpClientConnectionFactory.builder()
                    .http1Config(
                        Http1Config.custom()
                            .setMaxLineLength(MAX_HEADER_LINE)
                            .setMaxHeaderCount(MAX_HEADERS)
                            .build())
                    .build())
            .setMaxConnTotal(connections)
            .setMaxConnPerRoute(connections)
            .setDefaultConnectionConfig(
                ConnectionConfig.custom()
                    .setConnectTimeout(timeout)
                    .setSocketTimeout(timeout)
                    .build())
            .setDefaultSocketConfig(SocketConfig.custom().setSoTimeout(timeout).build())
            .build();
    return HttpClients.custom()
        .setConnectionManager(manager)
        .setDefaultRequestConfig(
            RequestConfig.custom()
                .setConnectionRequestTimeout(timeout)
                .setResponseTimeout(timeout)
                // Some servers refuse a request that offers to change to TLS.
                .setProtocolUpgradeEnabled(false)
                .build())
        .setUserAgent(agent)
        .disableRedirectHandling()
        .disableCookieManagement()
        .disableAuthCaching()
        .disableAutomaticRetries()
        .disableContentCompression();
  }
}
