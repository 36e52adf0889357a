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
 * A proxy on loopback that breaks connections as networks do. They can be closed, or half-open:
 * both ends think that they are connected, but nothing arrives.
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

  /** Starts a proxy for a port of this machine. */
  public static TcpProxy to(int port) {
    return new TcpProxy(port);
  }

  public int port() {
    return server.getLocalPort();
  }

  /** Sets the texts to look for in the data that clients send ({@link #linksThatSent}). */
  public void lookFor(String... texts) {
    needles = List.of(texts);
  }

  /** The open connections on which a client has sent that text. */
  public List<Link> linksThatSent(String text) {
    return links.stream().filter(link -> link.seen.contains(text)).toList();
  }

  /** The number of connections so far. */
  public int accepted() {
    return accepted.get();
  }

  /** All connections that are open now. */
  public List<Link> links() {
    return List.copyOf(links);
  }

  /** Accepts no new connections, as if the server were down; clients see theirs close. */
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
        // The proxy was closed, or the accept failed, which the client notices.
      }
    }
  }

  private static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      // It counts as closed.
    }
  }

  /** One connection through the proxy. */
  public final class Link {
    private final Socket client;
    private final Socket upstream;
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private volatile boolean swallowing;
    private volatile boolean losing;

    private Link(Socket client, Socket upstream) {
      this.client = client;
      this.upstream = upstream;
    }

    /** Drops all further data in both directions, without closing the connection. */
    public void blackHole() {
      swallowing = true;
    }

    /** Passes on what the client sends, and drops what it would get. */
    public void loseReplies() {
      losing = true;
    }

    /** Closes the connection on both ends. */
    public void cut() {
      links.remove(this);
      closeQuietly(client);
      closeQuietly(upstream);
    }

    /** Whether the client has closed it. */
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
          if (!swallowing && (up || !losing)) {
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
        // One end has closed the connection, so the other is closed, too.
      }
      // A half-open connection stays open towards the other end.
      if (!swallowing || up) {
        cut();
      }
    }
  }
}
