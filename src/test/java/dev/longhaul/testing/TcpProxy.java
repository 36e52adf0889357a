package dev.longhaul.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * Stands between a client and a server on loopback, and breaks connections as networks do: cut, or
 * half-open, where both ends think that they are connected and nothing arrives.
 */
public final class TcpProxy implements AutoCloseable {
  private final ServerSocket server;
  private final int target;
  private final List<Link> links = new CopyOnWriteArrayList<>();
  private volatile List<String> needles = List.of();
  private final AtomicInteger accepted = new AtomicInteger();
  private volatile boolean refusing;

  private TcpProxy(int target) {
    this.target = target;
    try {
      server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofPlatform().daemon().name("proxy").start(this::accept);
  }

  /** Starts one in front of a port of this machine. */
  public static TcpProxy to(int port) {
    return new TcpProxy(port);
  }

  public int port() {
    return server.getLocalPort();
  }

  /** What to look for in what clients send, so that their connections can be told apart. */
  public void lookFor(String... texts) {
    needles = List.of(texts);
  }

  /** The connections that are open now and on which a client has sent that text. */
  public List<Link> linksThatSent(String text) {
    return links.stream().filter(link -> link.seen.contains(text)).toList();
  }

  /** How many connections there have been. */
  public int accepted() {
    return accepted.get();
  }

  /** All connections that are open now. */
  public List<Link> links() {
    return List.copyOf(links);
  }

  /** Takes no new connection, as if the server were gone; a client sees its connection end. */
  public void refuse(boolean yes) {
    refusing = yes;
  }

  @Override
  public void close() {
    closeQuietly(server);
    links.forEach(Link::cut);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        if (refusing) {
          client.close();
          continue;
        }
        Socket upstream;
        try {
          upstream = new Socket(InetAddress.getLoopbackAddress(), target);
        } catch (IOException e) {
          client.close(); // the server is down
          continue;
        }
        accepted.incrementAndGet();
        Link link = new Link(client, upstream);
        links.add(link);
        link.start();
      } catch (IOException e) {
        // A closed proxy ends here; of a failed accept the client hears by itself.
      }
    }
  }

  private static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      // It is closed to all intents.
    }
  }

  /** One connection through the proxy. */
  public final class Link {
    private final Socket client;
    private final Socket upstream;
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private volatile boolean swallowing;

    private Link(Socket client, Socket upstream) {
      this.client = client;
      this.upstream = upstream;
    }

    /** From now on nothing arrives any more, in neither direction, and nobody is told. */
    public void blackHole() {
      swallowing = true;
    }

    /** Both ends hear that the connection has ended. */
    public void cut() {
      links.remove(this);
      closeQuietly(client);
      closeQuietly(upstream);
    }

    /** Whether its client has given it up. */
    public boolean isOver() {
      return !links.contains(this);
    }

    private void start() {
      Thread.ofPlatform().daemon().name("proxy-up").start(() -> pump(client, upstream, true));
      Thread.ofPlatform().daemon().name("proxy-down").start(() -> pump(upstream, client, false));
    }

    private void pump(Socket from, Socket to, boolean up) {
      byte[] buffer = new byte[65_536];
      Predicate<String> unseen = text -> !seen.contains(text);
      try (InputStream in = from.getInputStream()) {
        OutputStream out = to.getOutputStream();
        int read = in.read(buffer);
        while (read >= 0) {
          if (!swallowing) {
            if (up && needles.stream().anyMatch(unseen)) {
              String said = new String(buffer, 0, read, StandardCharsets.ISO_8859_1);
              needles.stream().filter(said::contains).forEach(seen::add);
            }
            out.write(buffer, 0, read);
            out.flush();
          }
          read = in.read(buffer);
        }
      } catch (IOException e) {
        // One end is gone; so is the other then.
      }
      // A half-open connection stays open towards the end that has not noticed yet.
      if (!swallowing || up) {
        cut();
      }
    }
  }
}
