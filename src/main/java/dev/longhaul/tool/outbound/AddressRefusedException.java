package dev.longhaul.tool.outbound;

import java.net.UnknownHostException;

/** A host has an address that may not be reached. */
public final class AddressRefusedException extends UnknownHostException {
  public AddressRefusedException(String message) {
    super(message);
  }
}
