package dev.longhaul.tool.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.function.Predicate;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Looks a host up once and lets the client connect only to the addresses that were checked: a name
 * that answers differently the next time (DNS rebinding) gains nothing. One bad address among good
 * ones refuses the host.
 */
public final class GuardedResolver implements DnsResolver {
  private final HostResolver hosts;
  private final AddressGuard guard;
  private final Predicate<String> allowPrivate;

  /**
   * @param allowPrivate which hosts may have addresses that are not on the public internet
   */
  public GuardedResolver(HostResolver hosts, AddressGuard guard, Predicate<String> allowPrivate) {
    this.hosts = hosts;
    this.guard = guard;
    this.allowPrivate = allowPrivate;
  }

  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    InetAddress[] addresses = hosts.resolve(host);
    if (!allowPrivate.test(host)) {
      for (InetAddress address : addresses) {
        var refusal = guard.refusal(address);
        if (refusal.isPresent()) {
          // Without the address: a stranger should not learn from us how this network is numbered.
          throw new AddressRefusedException(
              "The host " + host + " has an address that is refused: " + refusal.get());
        }
      }
    }
    return addresses;
  }

  @Override
  public String resolveCanonicalHostname(String host) {
    return host;
  }
}
