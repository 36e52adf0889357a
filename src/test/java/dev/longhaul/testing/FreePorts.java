package dev.longhaul.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports below those that the system gives to outgoing connections: a server that was killed can
 * have its port back. Redis Cluster also uses the port ten thousand above.
 */
final class FreePorts {
  private static final int FIRST = 11_000;
  private static final int LAST = 20_999;
  private static final int CLUSTER_BUS = 10_000;

  private FreePorts() {}

  static int next() {
    for (int attempt = 0; attempt < 1000; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, LAST + 1);
      if (isFree(port) && isFree(port + CLUSTER_BUS)) {
        return port;
      }
    }
    throw new IllegalStateException("no free port");
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket()) {
      // As Redis binds: connections of a killed server that linger do not count.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
