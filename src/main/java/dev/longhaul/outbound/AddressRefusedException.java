package dev.longhaul.outbound;

import java.net.UnknownHostException;

/** A host has an address that is not allowed. */
public final class AddressRefusedException extends UnknownHostException {
  private final boolean named;

  private AddressRefusedException(String message, boolean named) {
    super(message);
    this.named = named;
  }

  /**
   * @param kind the kind of address; the address itself is not revealed, since it may describe an
   *     internal network
   */
  public AddressRefusedException(String host, String kind) {
    this(
        "The host " + host + " has an address that is refused: " + kind,
        !AddressGuard.isAddress(host));
  }

  /** For a host that is an address in an ambiguous form. */
  public static AddressRefusedException oldForm(String host) {
    return new AddressRefusedException(
        "The host " + host + " is refused: write an IPv4 address as four decimal numbers", false);
  }

  /**
   * Whether the host is a name. Callers must then not reveal that the name exists, since that would
   * allow scanning an internal network.
   */
  public boolean named() {
    return named;
  }
}
