package dev.longhaul.gateway.rpc;

import dev.longhaul.outbound.OutboundClient;
import dev.longhaul.thread.Supervised;
import dev.longhaul.thread.Threads;
import io.micrometer.observation.ObservationRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/** The HTTP connections to all upstreams. */
public final class HttpConnections implements AutoCloseable {
  // Calls are limited elsewhere; each has a connection while it runs.
  private static final int MOST_CONNECTIONS = 10_000;
  private static final Timeout CONNECT_LIMIT = Timeout.ofSeconds(10);
  // Servers close idle connections, many after 5 s, and a request that meets the close is lost.
  private static final TimeValue IDLE_LIMIT = TimeValue.ofSeconds(4);
  private static final TimeValue UNCHECKED = TimeValue.ofSeconds(1);
  // A response may take hours, so a dead connection is found by TCP.
  private static final int KEEP_ALIVE_SECONDS = 60;
  private static final int KEEP_ALIVE_PROBES = 5;

  private final CloseableHttpClient client;
  private final ScheduledThreadPoolExecutor timer = Threads.timer("longhaul-upstream-timer", 1);

  /**
   * @param observations observes each request
   */
  public HttpConnections(ObservationRegistry observations) {
    var manager =
        new Interruptible()
            .setMaxConnTotal(MOST_CONNECTIONS)
            .setMaxConnPerRoute(MOST_CONNECTIONS)
            .setDefaultConnectionConfig(
                ConnectionConfig.custom()
                    .setConnectTimeout(CONNECT_LIMIT)
                    .setSocketTimeout(Timeout.DISABLED)
                    .setIdleTimeout(Timeout.of(IDLE_LIMIT.toDuration()))
                    .setValidateAfterInactivity(UNCHECKED)
                    .build())
            .setDefaultTlsConfig(TlsConfig.custom().setHandshakeTimeout(CONNECT_LIMIT).build())
            .setDefaultSocketConfig(
                SocketConfig.custom()
                    .setSoTimeout(Timeout.DISABLED)
                    .setTcpNoDelay(true)
                    .setSoKeepAlive(true)
                    .setTcpKeepIdle(KEEP_ALIVE_SECONDS)
                    .setTcpKeepInterval(KEEP_ALIVE_SECONDS)
                    .setTcpKeepCount(KEEP_ALIVE_PROBES)
                    .build());
    this.client =
        OutboundClient.builder(
                manager,
                RequestConfig.custom()
                    .setConnectionRequestTimeout(CONNECT_LIMIT)
                    .setResponseTimeout(Timeout.DISABLED)
                    .build(),
                "longhaul-gateway",
                observations)
            .build();
  }

  /**
   * Makes sockets of channels: unlike other sockets they end a read when its thread is interrupted,
   * in platform threads too.
   */
  private static final class Interruptible extends PoolingHttpClientConnectionManagerBuilder {
    @Override
    protected HttpClientConnectionOperator createConnectionOperator(
        SchemePortResolver ports, DnsResolver names, TlsSocketStrategy tls) {
      return new DefaultHttpClientConnectionOperator(
          _ -> SocketChannel.open().socket(),
          ports,
          names,
          RegistryBuilder.<TlsSocketStrategy>create().register(URIScheme.HTTPS.id, tls).build());
    }
  }

  CloseableHttpClient client() {
    return client;
  }

  /** Runs something quick after a time, unless the future is cancelled before. */
  Future<?> after(Duration time, Runnable quick) {
    try {
      return timer.schedule(
          Supervised.repeated("time limits of upstreams", quick),
          time.toNanos(),
          TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) { // all connections are closed
      quick.run();
      return CompletableFuture.completedFuture(null);
    }
  }

  @Override
  public void close() {
    var _ = timer.shutdownNow();
    try {
      client.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
