package dev.longhaul.mcp.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.security.LastingRequest;
import dev.longhaul.thread.CoarseTimer;
import dev.longhaul.thread.Threads;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DetachedStreamTest {
  private static final Duration WRITE_LIMIT = Duration.ofSeconds(2);
  private static final String LAST_CHUNK = "\r\n0\r\n\r\n";

  @TempDir private Path directory;
  private final KeepAlive keepAlive =
      new KeepAlive(Duration.ofMillis(100), new CoarseTimer("test"));
  private final Tomcat tomcat = new Tomcat();
  // What the servlet has served: its thread has left it.
  private final BlockingQueue<Served> served = new LinkedBlockingQueue<>();

  private record Served(HttpReply reply, boolean detached, @Nullable LastingRequest lasting) {}

  @BeforeEach
  void start() throws Exception {
    tomcat.setBaseDir(directory.toString());
    tomcat.setPort(0);
    // So that a client that does not read is noticed after a few bytes.
    var _ = tomcat.getConnector().setProperty("socket.txBufSize", "4096");
    Context context = tomcat.addContext("", directory.toString());
    Tomcat.addServlet(context, "stream", new Streaming()).addMapping("/");
    tomcat.start();
  }

  @AfterEach
  void stop() throws Exception {
    keepAlive.close();
    tomcat.stop();
    tomcat.destroy();
  }

  @Test
  void theStreamGoesOnAfterItsRequestHasEndedAndEndsAsHttpWantsIt() throws Exception {
    try (Socket client = get("HTTP/1.1")) {
      Served one = served.take();
      assertThat(one.detached()).isTrue();
      CountDownLatch ended = new CountDownLatch(1);
      assertThat(one.reply().whenDetachedEnds(ended::countDown)).isTrue();
      String head = readUntil(client, "first");
      assertThat(head).contains("Transfer-Encoding: chunked").doesNotContain("101");
      one.reply().send(Replies.notification("second", Replies.object()));
      assertThat(readUntil(client, "second")).contains("\r\nevent: message\ndata: {");
      // Comments come too.
      assertThat(readUntil(client, "\r\n3\r\n:\n\n\r\n")).contains("\n\n\r\n");
      assertThat(ended.getCount()).isOne();

      one.reply().finish(200, Replies.notification("last", Replies.object()));
      ended.await();
      assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .contains("\"last\"")
          .endsWith(LAST_CHUNK);
    }
  }

  @Test
  void aClientThatLeavesIsNoticedAtOnceWithoutAWrite() throws Exception {
    keepAlive.close();
    CountDownLatch gone = new CountDownLatch(1);
    try (Socket client = get("HTTP/1.1")) {
      HttpReply reply = served.take().reply();
      reply.onGone(gone::countDown);
      readUntil(client, "first");
      // Nothing is due before the response has ended; it changes nothing.
      client.getOutputStream().write("early".getBytes(StandardCharsets.US_ASCII));
      client.getOutputStream().flush();
      reply.send(Replies.notification("second", Replies.object()));
      readUntil(client, "second");
      assertThat(reply.gone()).isFalse();
    }
    gone.await();
  }

  @Test
  void aStreamIsClosedFromOutsideAlsoWhileItsClientDoesNotRead() throws Exception {
    try (Socket client = get("HTTP/1.1")) {
      Served one = served.take();
      CountDownLatch gone = new CountDownLatch(1);
      one.reply().onGone(gone::countDown);
      LastingRequest lasting = Objects.requireNonNull(one.lasting());
      CountDownLatch ended = new CountDownLatch(1);
      lasting.atEnd().accept(ended::countDown);
      Thread blocked = Threads.platform("test-blocked", () -> one.reply().send(large()));
      await().until(() -> blocked.getState() == Thread.State.TIMED_WAITING);

      lasting.close().run();
      gone.await();
      one.reply().finishSilently();
      ended.await();
    }
  }

  @Test
  void aClientThatDoesNotReadLosesItsConnection() throws Exception {
    try (Socket client = get("HTTP/1.1")) {
      HttpReply reply = served.take().reply();
      CountDownLatch gone = new CountDownLatch(1);
      reply.onGone(gone::countDown);
      reply.send(large());
      gone.await();
    }
  }

  @Test
  void aClientThatSendsMuchBeforeTheEndLosesItsConnection() throws Exception {
    try (Socket client = get("HTTP/1.1")) {
      HttpReply reply = served.take().reply();
      CountDownLatch gone = new CountDownLatch(1);
      reply.onGone(gone::countDown);
      readUntil(client, "first");
      client.getOutputStream().write(new byte[70_000]);
      gone.await();
    }
  }

  private static ObjectNode large() {
    return Replies.notification("large", Replies.object().put("text", "x".repeat(1_000_000)));
  }

  @Test
  void aResponseThatIsNotChunkedKeepsItsRequest() throws Exception {
    try (Socket client = get("HTTP/1.0")) {
      Served one = served.take();
      assertThat(one.detached()).isFalse();
      assertThat(one.reply().whenDetachedEnds(() -> {})).isFalse();
      assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .contains("first");
    }
  }

  private Socket get(String version) throws IOException {
    Socket client = new Socket();
    client.setReceiveBufferSize(4_096);
    client.connect(
        new InetSocketAddress(
            InetAddress.getLoopbackAddress(), tomcat.getConnector().getLocalPort()));
    client.setSoTimeout((int) TimeUnit.SECONDS.toMillis(30));
    client
        .getOutputStream()
        .write(("GET / " + version + "\r\nHost: test\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    return client;
  }

  private static String readUntil(Socket client, String end) throws IOException {
    StringBuilder said = new StringBuilder();
    InputStream in = client.getInputStream();
    while (said.indexOf(end) < 0) {
      int next = in.read();
      assertThat(next).as("the stream ended after: %s", said).isNotNegative();
      said.append((char) next);
    }
    return said.toString();
  }

  private final class Streaming extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) {
      HttpReply reply = new HttpReply(request, response, true, keepAlive, WRITE_LIMIT);
      reply.send(Replies.notification("first", Replies.object()));
      boolean detached = reply.detach();
      served.add(new Served(reply, detached, LastingRequest.of(request)));
      reply.close();
    }
  }
}
