package dev.longhaul.tool.builtin.fetch;

import java.net.UnknownHostException;

/** A host has an address that may not be reached. */
final class AddressRefusedException extends UnknownHostException {
  AddressRefusedException(String message) {
    super(message);
  }
}
