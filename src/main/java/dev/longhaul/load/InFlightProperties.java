package dev.longhaul.load;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What requests and answers in progress may cost one process.
 *
 * @param maxBytes Memory that request bodies and large responses in progress may use in one
 *     process; beyond it requests get 503 with Retry-After. Unset: a quarter of the largest heap
 * @param receiveTimeout How long a body may take to arrive in all; then 408
 * @param writeTimeout How long a client may delay a response in total, in addition to the time that
 *     its bytes take at 10 KB a second; then its connection is closed
 * @param maxCallsPerCaller How many calls one caller may have in execution in one process; each of
 *     a batch counts, event streams do not; beyond it 429
 * @param maxConnectionsPerAddress How many connections with a request in progress one client
 *     address may have; 0 for any number
 * @param trustedProxies Addresses or networks (10.0.0.0/8) of proxies whose X-Forwarded-For header
 *     is trusted for the client's address
 */
@ConfigurationProperties("longhaul.http.in-flight")
public record InFlightProperties(
    @Nullable DataSize maxBytes,
    @DefaultValue("30s") Duration receiveTimeout,
    @DefaultValue("30s") Duration writeTimeout,
    @DefaultValue("1000") int maxCallsPerCaller,
    @DefaultValue("0") int maxConnectionsPerAddress,
    @DefaultValue List<String> trustedProxies) {
  private static final long LEAST = 1_000_000;
  private static final int SHARE = 4;

  public InFlightProperties {
    trustedProxies = List.copyOf(trustedProxies);
    require(
        maxBytes == null || maxBytes.toBytes() >= LEAST, "max-bytes", "must be at least 1000000");
    require(receiveTimeout.isPositive(), "receive-timeout", "must be positive");
    require(writeTimeout.isPositive(), "write-timeout", "must be positive");
    require(maxCallsPerCaller > 0, "max-calls-per-caller", "must be positive");
    require(
        maxConnectionsPerAddress >= 0,
        "max-connections-per-address",
        "must be 0 or a number above");
  }

  /** The bytes, also if none are set. */
  long bytes() {
    return maxBytes == null
        ? Math.max(LEAST, Runtime.getRuntime().maxMemory() / SHARE)
        : maxBytes.toBytes();
  }

  private static void require(boolean condition, String name, String rule) {
    if (!condition) {
      throw new IllegalArgumentException("longhaul.http.in-flight." + name + " " + rule + ".");
    }
  }
}
