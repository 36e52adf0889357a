package dev.longhaul.security;

/**
 * The application would listen on an address that other machines can reach, without authentication
 * or permission.
 */
final class UnsafeBindException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final String property;

  /**
   * An unsafe address.
   *
   * @param property the property that names it
   * @param address its value, or empty if it is not set
   */
  UnsafeBindException(String property, String address) {
    super(
        address.isEmpty()
            ? property
                + " is not set, so Longhaul would listen on every network interface, and it does"
                + " not authenticate its callers."
            : property
                + " is "
                + address
                + ", which other machines can reach, and Longhaul does not authenticate its"
                + " callers.");
    this.property = property;
  }

  String property() {
    return property;
  }
}
