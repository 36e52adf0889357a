package dev.longhaul.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.function.Predicate;
import org.apache.hc.client5.http.DnsResolver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Resolves a host once and lets the client connect only to the checked addresses, which prevents
 * DNS rebinding. A single disallowed address refuses the host.
 */
public final class GuardedResolver implements DnsResolver {
  private static final Logger log = LoggerFactory.getLogger(GuardedResolver.class);

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
    boolean guarded = !allowPrivate.test(host);
    if (guarded && AddressGuard.isOldForm(host)) {
      throw AddressRefusedException.oldForm(host);
    }
    InetAddress[] addresses = hosts.resolve(host);
    if (guarded) {
      for (InetAddress address : addresses) {
        var refusal = guard.refusal(address);
        if (refusal.isPresent()) {
          if (!AddressGuard.isAddress(host)) {
            log.info("The host {} is refused: it has a {} address", host, refusal.get());
          }
          throw new AddressRefusedException(host, refusal.get());
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
