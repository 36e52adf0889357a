package dev.longhaul.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressGuardTest {
  private final AddressGuard guard = new AddressGuard();

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, unspecified",
    "0.1.2.3, unspecified",
    "10.255.255.255, private",
    "100.64.0.1, carrier-grade NAT",
    "100.127.255.255, carrier-grade NAT",
    "127.0.0.1, loopback",
    "127.255.255.254, loopback",
    "169.254.169.254, link-local",
    "172.16.0.1, private",
    "172.31.255.255, private",
    "192.0.0.1, reserved",
    "192.168.1.1, private",
    "198.19.0.1, benchmarking",
    "224.0.0.1, multicast",
    "239.255.255.255, multicast",
    "255.255.255.255, reserved or broadcast",
    "::, unspecified",
    "::1, loopback",
    "fc00::1, private",
    "fdff::1, private",
    "fe80::1, link-local",
    "fec0::1, private",
    "ff02::1, multicast",
    "::ffff:127.0.0.1, loopback",
    "::ffff:10.0.0.1, private",
    "::127.0.0.1, loopback in IPv6",
    "::8.8.8.8, an outdated form of IPv4",
    "64:ff9b::10.0.0.1, private in NAT64",
    "64:ff9b::169.254.169.254, link-local in NAT64",
    "64:ff9b:1::1, local NAT64",
    "2002:7f00:1::, loopback in 6to4",
    "2002:c0a8:101::1, private in 6to4",
    "2001::1, reserved (Teredo and others)",
    "2001:db8::1, documentation",
    "2a00:1450::5efe:10.0.0.1, private in ISATAP",
    "100::1, reserved",
    "4000::1, reserved"
  })
  void refuses(String address, String why) throws UnknownHostException {
    assertThat(guard.refusal(InetAddress.getByName(address))).hasValue(why);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8.8.8.8",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.255.255",
        "172.32.0.1",
        "192.167.255.255",
        "223.255.255.255",
        "2a00:1450:4001:810::200e",
        "64:ff9b::8.8.8.8",
        "2002:808:808::1"
      })
  void letsThePublicInternetThrough(String address) throws UnknownHostException {
    assertThat(guard.refusal(InetAddress.getByName(address))).isEmpty();
  }
}
