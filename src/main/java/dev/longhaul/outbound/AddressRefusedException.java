package dev.longhaul.outbound;

import java.net.UnknownHostException;

/** A host has an address that may not be reached. */
public final class AddressRefusedException extends UnknownHostException {
  private final boolean named;

  private AddressRefusedException(String message, boolean named) {
    super(message);
    this.named = named;
  }

  /**
   * A host that leads to such an address.
   *
   * @param kind of addresses it is; the address itself is not told, because a stranger should not
   *     learn from us how this network is numbered
   */
  public AddressRefusedException(String host, String kind) {
    this(
        "The host " + host + " has an address that is refused: " + kind,
        !AddressGuard.isAddress(host));
  }

  /** A host that is an address in a form that programs read differently. */
  public static AddressRefusedException oldForm(String host) {
    return new AddressRefusedException(
        "The host " + host + " is refused: write an IPv4 address as four decimal numbers", false);
  }

  /**
   * Whether the host is a name and no address. That such a name exists is then to be hidden from a
   * stranger, who could find out by it what there is in this network.
   */
  public boolean named() {
    return named;
  }
}
