package dev.longhaul.load;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Determines a client's address behind trusted proxies: the rightmost address in X-Forwarded-For
 * that is not a trusted proxy. Addresses further left, or all if the connection is not from a
 * trusted proxy, could be forged.
 */
final class ClientAddress {
  private static final Pattern LITERAL =
      Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
  private static final int LONGEST = 45;

  private final List<Network> trusted;

  /**
   * @throws IllegalArgumentException if one is not an address or network
   */
  ClientAddress(List<String> trusted) {
    this.trusted = trusted.stream().map(ClientAddress::network).toList();
  }

  /**
   * The client's address.
   *
   * @param remote the address of the connection
   * @param forwarded the values of all X-Forwarded-For headers, in their order
   */
  String of(String remote, List<String> forwarded) {
    String client = remote;
    List<String> hops = new ArrayList<>();
    forwarded.forEach(value -> hops.addAll(List.of(value.split(",", -1))));
    for (String hop : hops.reversed()) {
      byte[] address = address(client);
      if (address == null || trusted.stream().noneMatch(network -> network.has(address))) {
        return client;
      }
      String named = hop.strip();
      if (address(named) == null) {
        return client;
      }
      client = named;
    }
    return client;
  }

  private static byte @Nullable [] address(String text) {
    // Never a host name, which would be resolved.
    if (text.length() > LONGEST || !LITERAL.matcher(text).matches()) {
      return null;
    }
    try {
      return InetAddress.getByName(text).getAddress();
    } catch (UnknownHostException e) {
      return null;
    }
  }

  private static Network network(String text) {
    int slash = text.indexOf('/');
    byte[] address = address(slash < 0 ? text : text.substring(0, slash));
    int bits = -1;
    if (address != null) {
      try {
        bits = slash < 0 ? address.length * 8 : Integer.parseInt(text.substring(slash + 1));
      } catch (NumberFormatException e) {
        // refused below
      }
    }
    if (address == null || bits < 0 || bits > address.length * 8) {
      throw new IllegalArgumentException(
          "longhaul.http.in-flight.trusted-proxies has "
              + text
              + ", which is neither an address such as 10.0.0.7 nor a network such as 10.0.0.0/8.");
    }
    return new Network(address, bits);
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Network(byte[] address, int bits) {
    boolean has(byte[] other) {
      if (other.length != address.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> bit % 8;
        if ((address[bit / 8] & mask) != (other[bit / 8] & mask)) {
          return false;
        }
      }
      return true;
    }
  }
}
