package dev.longhaul.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A proxy for Redis that adds latency, as a network would (each chunk is delayed by the same time,
 * so that pipelined commands stay pipelined), and counts commands. It replies to each line on its
 * standard input with the count so far.
 */
final class RedisProxy {
  private record Chunk(ByteBuffer bytes, long due) {}

  private static final Chunk END = new Chunk(ByteBuffer.allocate(0), 0);

  private final int redisPort;
  private final long delayNanos;
  private final AtomicLong commands = new AtomicLong();

  private RedisProxy(int redisPort, long delayNanos) {
    this.redisPort = redisPort;
    this.delayNanos = delayNanos;
  }

  /**
   * Serves until its standard input ends.
   *
   * @param args the port of Redis, and how long each way takes in µs
   */
  public static void main(String[] args) throws IOException {
    var proxy = new RedisProxy(Integer.parseInt(args[0]), Long.parseLong(args[1]) * 1_000);
    var listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().start(() -> proxy.accept(listener));
    QueueAgent.say("{\"port\":" + listener.getLocalPort() + "}");
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    while (in.readLine() != null) {
      QueueAgent.say("{\"commands\":" + proxy.commands.get() + "}");
    }
    System.exit(0);
  }

  private void accept(ServerSocket listener) {
    try {
      while (true) {
        Socket client = listener.accept();
        var redis = new Socket();
        redis.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), redisPort));
        client.setTcpNoDelay(true);
        redis.setTcpNoDelay(true);
        pass(client, redis, new CommandCounter(commands));
        pass(redis, client, null);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void pass(Socket from, Socket to, @Nullable CommandCounter counter) {
    var onTheWay = new LinkedBlockingQueue<Chunk>();
    Thread.ofPlatform().daemon().start(() -> read(from, onTheWay, counter));
    Thread.ofPlatform().daemon().start(() -> write(onTheWay, to));
  }

  private void read(
      Socket from, LinkedBlockingQueue<Chunk> onTheWay, @Nullable CommandCounter counter) {
    byte[] buffer = new byte[1 << 16];
    try {
      InputStream in = from.getInputStream();
      int length;
      while ((length = in.read(buffer)) >= 0) {
        onTheWay.add(
            new Chunk(
                ByteBuffer.wrap(Arrays.copyOf(buffer, length)), System.nanoTime() + delayNanos));
        if (counter != null) {
          counter.read(buffer, length);
        }
      }
    } catch (IOException e) {
      // One end has closed the connection, so the other is closed, too.
    }
    onTheWay.add(END);
  }

  private void write(LinkedBlockingQueue<Chunk> onTheWay, Socket to) {
    try (to) {
      OutputStream out = to.getOutputStream();
      for (Chunk next = onTheWay.take(); next.bytes().hasRemaining(); next = onTheWay.take()) {
        for (long left; (left = next.due() - System.nanoTime()) > 0; ) {
          LockSupport.parkNanos(left);
        }
        out.write(next.bytes().array());
      }
    } catch (IOException | InterruptedException e) {
      // likewise
    }
  }
}
