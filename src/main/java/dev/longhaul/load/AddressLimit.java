package dev.longhaul.load;

import dev.longhaul.security.HttpRequestFilter;
import dev.longhaul.security.LastingRequest;
import dev.longhaul.security.Refusal;
import dev.longhaul.security.RefusalWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Limits the connections with a request in progress per client address, including event streams.
 * Idle connections are limited by the container (server.tomcat.max-connections,
 * keep-alive-timeout).
 */
final class AddressLimit implements HttpRequestFilter {
  private final CallLimit connections;
  private final ClientAddress addresses;
  private final RefusalWriter refusals;
  private final int max;

  AddressLimit(InFlightProperties properties, RefusalWriter refusals) {
    this.max = properties.maxConnectionsPerAddress();
    this.connections = new CallLimit(max);
    this.addresses = new ClientAddress(properties.trustedProxies());
    this.refusals = refusals;
  }

  @Override
  public void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (max == 0) {
      chain.doFilter(request, response);
      return;
    }
    String client =
        addresses.of(
            request.getRemoteAddr(), Collections.list(request.getHeaders("X-Forwarded-For")));
    Once permit;
    try {
      permit = new Once(connections.enter(client));
    } catch (OverloadedException e) {
      response.setHeader("Retry-After", "2");
      refusals.write(
          request,
          response,
          new Refusal(
              e.status(),
              "too-many-connections",
              "Too many connections",
              "This address has "
                  + max
                  + " connections in use, as many as it may"
                  + " (longhaul.http.in-flight.max-connections-per-address)."));
      return;
    }
    try {
      chain.doFilter(request, response);
    } finally {
      LastingRequest lasting = LastingRequest.of(request);
      if (lasting == null) {
        InFlight.AtEnd.of(request, permit);
      } else {
        lasting.atEnd().accept(permit);
      }
    }
  }

  /** Releases a permit only once. */
  private static final class Once implements Runnable {
    private final CallLimit.Permit permit;
    private final AtomicBoolean done = new AtomicBoolean();

    Once(CallLimit.Permit permit) {
      this.permit = permit;
    }

    @Override
    public void run() {
      if (done.compareAndSet(false, true)) {
        permit.close();
      }
    }
  }
}
