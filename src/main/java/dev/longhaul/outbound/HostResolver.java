package dev.longhaul.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Resolves the addresses of a host. */
@FunctionalInterface
public interface HostResolver {
  /** The system's resolver. */
  HostResolver SYSTEM = InetAddress::getAllByName;

  InetAddress[] resolve(String host) throws UnknownHostException;
}
