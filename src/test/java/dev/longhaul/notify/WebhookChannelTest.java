package dev.longhaul.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.longhaul.job.JobId;
import dev.longhaul.outbound.AddressGuard;
import dev.longhaul.outbound.HostResolver;
import dev.longhaul.testing.Settings;
import dev.longhaul.testing.Tools;
import io.micrometer.observation.ObservationRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Single attempts against misbehaving receivers. */
class WebhookChannelTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-21T12:00:00Z"), ZoneOffset.UTC);

  private static WebhookChannel channel(String timeout) {
    var settings =
        Settings.of(
            NotificationProperties.class,
            Map.of(
                "longhaul.notifications.timeout", timeout,
                "longhaul.notifications.webhook.secrets", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "longhaul.notifications.webhook.allow-http", "true",
                "longhaul.notifications.webhook.allowed-hosts", "127.0.0.1,*.example.com"));
    var guard = new AddressGuard();
    return new WebhookChannel(
        settings,
        new CallbackUrls(settings.webhook(), guard),
        HostResolver.SYSTEM,
        guard,
        ObservationRegistry.NOOP,
        CLOCK,
        Tools.JSON);
  }

  private static Notification to(String url) {
    JobId id = JobId.create(0, 0);
    return new Notification(
        "msg_" + id, "job.completed", Instant.EPOCH, id, "local", url, 1, Tools.object("{}"));
  }

  private static DeliveryException refused(String timeout, String url) throws IOException {
    try (WebhookChannel channel = channel(timeout)) {
      return catchThrowableOfType(DeliveryException.class, () -> channel.deliver(to(url)));
    }
  }

  /** Responds to one request with these bytes, or never if there are none. */
  private static String server(ServerSocket server, String answer) {
    Thread.ofVirtual()
        .start(() -> {
          try (Socket socket = server.accept()) {
            InputStream in = socket.getInputStream();
            var _ = in.read(new byte[16_384]);
            if (!answer.isEmpty()) {
              socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
              socket.getOutputStream().flush();
            }
            while (in.read() >= 0) {
              // until the client closes
            }
          } catch (IOException e) {
            assertThat(e).isNotNull(); // the test has ended or the client has closed
          }
        });
    return "http://127.0.0.1:" + server.getLocalPort() + "/x";
  }

  private static ServerSocket listening() throws IOException {
    return new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
  }

  @Test
  void oneThatNeverAnswersTimesOut() throws IOException {
    try (ServerSocket server = listening()) {
      DeliveryException e = refused("300ms", server(server, ""));
      assertThat(e.code()).isEqualTo("TIMEOUT");
      assertThat(e).hasMessageContaining("longhaul.notifications.timeout");
      assertThat(e.permanent()).isFalse();
    }
  }

  @Test
  void aBodyWithoutEndIsNotReadToItsEnd() throws Exception {
    String head = "HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n";
    try (ServerSocket server = listening();
        WebhookChannel channel = channel("60s")) {
      Receipt receipt = channel.deliver(to(server(server, head + "x".repeat(10_000))));
      assertThat(receipt.status()).isEqualTo(200);
    }
  }

  @Test
  void whoTakesNoConnectionOrSpeaksNoHttpIsTriedAgain() throws IOException {
    DeliveryException closed = refused("60s", "http://127.0.0.1:1/");
    assertThat(closed.code()).isEqualTo("CONNECT_FAILED");
    assertThat(closed.permanent()).isFalse();
    try (ServerSocket server = listening()) {
      DeliveryException noise = refused("1s", server(server, "HELO there\r\n\r\n"));
      assertThat(noise.permanent()).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "503,120,120",
    "429,'Sat, 21 Nov 2026 12:01:00 GMT',60",
    "429,'Sat, 21 Nov 2026 11:00:00 GMT',",
    "500,soon,"
  })
  void whatARetryAfterSays(int status, String value, Long seconds) throws IOException {
    try (ServerSocket server = listening()) {
      DeliveryException e =
          refused(
              "60s",
              server(
                  server,
                  "HTTP/1.1 %d No\r\nRetry-After: %s\r\nContent-Length: 0\r\n\r\n"
                      .formatted(status, value)));
      assertThat(e.code()).isEqualTo("HTTP_" + status);
      assertThat(e.status()).isEqualTo(status);
      assertThat(e.retryAfter()).isEqualTo(seconds == null ? null : Duration.ofSeconds(seconds));
    }
  }

  @ParameterizedTest
  @CsvSource({"410,true", "404,false", "301,false"})
  void onlyGoneIsForGood(int status, boolean permanent) throws IOException {
    try (ServerSocket server = listening()) {
      DeliveryException e =
          refused(
              "60s",
              server(server, "HTTP/1.1 %d No\r\nContent-Length: 0\r\n\r\n".formatted(status)));
      assertThat(e.permanent()).isEqualTo(permanent);
    }
  }

  @Test
  void aUrlThatIsNoLongerAllowedIsRefusedForGood() throws IOException {
    for (String url : List.of("http://10.0.0.1/", "http://127.0.0.2/", "https://evil.org/")) {
      DeliveryException e = refused("60s", url);
      assertThat(e.code()).isEqualTo("URL_REFUSED");
      assertThat(e.permanent()).isTrue();
    }
  }
}
