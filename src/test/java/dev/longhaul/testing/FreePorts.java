package dev.longhaul.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds free ports below the range that the system uses for outgoing connections, so that a killed
 * server can be restarted on its port. Redis Cluster also uses the port 10,000 above.
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
      // As Redis binds: lingering connections of a killed server do not block the port.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
