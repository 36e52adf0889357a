package dev.longhaul.outbound;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Allows only addresses on the public internet, by IANA's special-purpose address registries. An
 * IPv6 address with an embedded IPv4 address is checked by both; in IPv6 only global unicast
 * addresses are allowed.
 */
public final class AddressGuard {
  private static final Pattern NUMBER = Pattern.compile("[0-9]+|0[xX][0-9a-fA-F]*");
  private static final Pattern FOUR_NUMBERS =
      Pattern.compile("(?:(?:0|[1-9][0-9]{0,2})\\.){3}(?:0|[1-9][0-9]{0,2})");
  private static final List<Range> REFUSED_V4 =
      List.of(
          new Range("0.0.0.0/8", "unspecified"),
          new Range("10.0.0.0/8", "private"),
          new Range("100.64.0.0/10", "carrier-grade NAT"),
          new Range("127.0.0.0/8", "loopback"),
          new Range("169.254.0.0/16", "link-local"),
          new Range("172.16.0.0/12", "private"),
          new Range("192.0.0.0/24", "reserved"),
          new Range("192.0.2.0/24", "documentation"),
          new Range("192.88.99.0/24", "reserved"),
          new Range("192.168.0.0/16", "private"),
          new Range("198.18.0.0/15", "benchmarking"),
          new Range("198.51.100.0/24", "documentation"),
          new Range("203.0.113.0/24", "documentation"),
          new Range("224.0.0.0/4", "multicast"),
          new Range("240.0.0.0/4", "reserved or broadcast"));
  private static final List<Range> REFUSED_V6 =
      List.of(
          new Range("::/128", "unspecified"),
          new Range("::1/128", "loopback"),
          new Range("fc00::/7", "private"),
          new Range("fe80::/10", "link-local"),
          new Range("fec0::/10", "private"),
          new Range("ff00::/8", "multicast"),
          new Range("64:ff9b:1::/48", "local NAT64"),
          new Range("2001::/23", "reserved (Teredo and others)"),
          new Range("2001:db8::/32", "documentation"),
          new Range("3fff::/20", "documentation"));
  private static final Range GLOBAL_UNICAST = new Range("2000::/3", "");
  private static final Range NAT64 = new Range("64:ff9b::/96", "");
  private static final Range SIX_TO_FOUR = new Range("2002::/16", "");
  private static final Range IPV4_COMPATIBLE = new Range("::/96", "");

  /**
   * Whether a host is an IPv4 address in another form than four decimal numbers: with octal or
   * hexadecimal numbers, or fewer parts. Programs interpret such forms differently.
   *
   * <p>Source: WHATWG URL, "ends in a number checker".
   */
  public static boolean isOldForm(String host) {
    String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    String last = name.substring(name.lastIndexOf('.') + 1);
    return NUMBER.matcher(last).matches() && !FOUR_NUMBERS.matcher(host).matches();
  }

  /** Whether a host is an address, not a name. */
  static boolean isAddress(String host) {
    return host.indexOf(':') >= 0 || FOUR_NUMBERS.matcher(host).matches();
  }

  /** Why the address is refused, or empty if it is on the public internet. */
  public Optional<String> refusal(InetAddress address) {
    byte[] bytes = address.getAddress();
    return address instanceof Inet4Address ? refusalV4(bytes) : refusalV6(bytes);
  }

  private static Optional<String> refusalV4(byte[] bytes) {
    return REFUSED_V4.stream().filter(r -> r.contains(bytes)).map(Range::kind).findFirst();
  }

  private static Optional<String> refusalV6(byte[] bytes) {
    Optional<String> named =
        REFUSED_V6.stream().filter(r -> r.contains(bytes)).map(Range::kind).findFirst();
    if (named.isPresent()) {
      return named;
    }
    if (NAT64.contains(bytes)) {
      return embedded(bytes, 12, "in NAT64");
    }
    if (SIX_TO_FOUR.contains(bytes)) {
      return embedded(bytes, 2, "in 6to4");
    }
    if (IPV4_COMPATIBLE.contains(bytes) || isMapped(bytes)) {
      return embedded(bytes, 12, "in IPv6").or(() -> Optional.of("an outdated form of IPv4"));
    }
    if (isIsatap(bytes)) {
      return embedded(bytes, 12, "in ISATAP");
    }
    return GLOBAL_UNICAST.contains(bytes) ? Optional.empty() : Optional.of("reserved");
  }

  private static Optional<String> embedded(byte[] bytes, int offset, String where) {
    byte[] inner = new byte[4];
    System.arraycopy(bytes, offset, inner, 0, 4);
    return refusalV4(inner).map(kind -> kind + " " + where);
  }

  private static boolean isMapped(byte[] bytes) {
    for (int i = 0; i < 10; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return bytes[10] == -1 && bytes[11] == -1;
  }

  // RFC 5214, section 6.1: an interface identifier that ends in an IPv4 address.
  private static boolean isIsatap(byte[] bytes) {
    return (bytes[8] & 0xfd) == 0 && bytes[9] == 0 && bytes[10] == 0x5e && bytes[11] == (byte) 0xfe;
  }

  /** Addresses with a common prefix, and their purpose. */
  private static final class Range {
    private final byte[] network;
    private final int bits;
    private final String kind;

    Range(String cidr, String kind) {
      this.network = network(cidr);
      this.bits = Integer.parseInt(cidr.substring(cidr.indexOf('/') + 1));
      this.kind = kind;
    }

    String kind() {
      return kind;
    }

    private static byte[] network(String cidr) {
      try {
        return InetAddress.getByName(cidr.substring(0, cidr.indexOf('/'))).getAddress();
      } catch (UnknownHostException e) {
        throw new IllegalArgumentException(cidr + " is not a range of addresses", e);
      }
    }

    boolean contains(byte[] address) {
      for (int i = 0; i < bits; i++) {
        int mask = 0x80 >> (i & 7);
        if ((address[i >> 3] & mask) != (network[i >> 3] & mask)) {
          return false;
        }
      }
      return true;
    }
  }
}
