package dev.longhaul.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulApplication;
import dev.longhaul.testing.TestRedis;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.util.TestSocketUtils;

/** The server speaks TLS as docs/operations.md ("TLS") configures it. */
class ServerTlsTest {
  private static final int PORT = TestSocketUtils.findAvailableTcpPort();
  private static final String PASSWORD = "changeit";

  @TempDir static Path directory;

  private static X509Certificate first;
  private static ConfigurableApplicationContext application;

  @BeforeAll
  static void start() throws Exception {
    first = renew("first");
    application =
        new SpringApplicationBuilder(LonghaulApplication.class)
            .run(
                "--longhaul.standalone=true",
                "--server.port=" + PORT,
                "--server.ssl.bundle=server",
                "--spring.ssl.bundle.pem.server.keystore.certificate=" + file("tls.crt"),
                "--spring.ssl.bundle.pem.server.keystore.private-key=" + file("tls.key"),
                "--spring.ssl.bundle.pem.server.reload-on-update=true",
                "--spring.ssl.bundle.watch.file.quiet-period=100ms",
                "--spring.data.redis.url=" + TestRedis.url(),
                "--longhaul.namespace=" + TestRedis.namespace());
  }

  @AfterAll
  static void stop() {
    application.close();
  }

  @Test
  void servesOverTlsOnlyAndTakesARenewedCertificateWithoutARestart() throws Exception {
    HttpResponse<String> answer = get(first, "/api/v1/tools");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Strict-Transport-Security")).isPresent();
    assertThat(plain()).isEqualTo(400);

    X509Certificate second = renew("second");
    await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptionsInstanceOf(SSLHandshakeException.class)
        .untilAsserted(() -> assertThat(get(second, "/api/v1/tools").statusCode()).isEqualTo(200));
    assertThatExceptionOfType(SSLHandshakeException.class)
        .isThrownBy(() -> get(first, "/api/v1/tools"));
  }

  private static Path file(String name) {
    return directory.resolve(name);
  }

  /** Puts another certificate and its key in place, as a mounted Secret changes. */
  private static X509Certificate renew(String name) throws Exception {
    Path store = file(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-validity",
                "2",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost,ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD,
                "-alias",
                name)
            .redirectErrorStream(true)
            .redirectOutput(file(name + ".log").toFile())
            .start();
    assertThat(keytool.waitFor()).as(file(name + ".log").toString()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    X509Certificate certificate = (X509Certificate) keys.getCertificate(name);
    byte[] key = keys.getKey(name, PASSWORD.toCharArray()).getEncoded();
    replace("tls.key", "PRIVATE KEY", key);
    replace("tls.crt", "CERTIFICATE", certificate.getEncoded());
    return certificate;
  }

  private static void replace(String name, String kind, byte[] content) throws IOException {
    String text =
        "-----BEGIN %s-----%n%s%n-----END %s-----%n"
            .formatted(kind, Base64.getMimeEncoder().encodeToString(content), kind);
    Path written = Files.writeString(file(name + ".new"), text);
    Files.move(written, file(name), StandardCopyOption.REPLACE_EXISTING);
  }

  private static HttpResponse<String> get(X509Certificate trusted, String path) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("trusted", trusted);
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    try (HttpClient http = HttpClient.newBuilder().sslContext(context).build()) {
      return http.send(
          HttpRequest.newBuilder(URI.create("https://localhost:" + PORT + path)).build(),
          BodyHandlers.ofString());
    }
  }

  private static int plain() throws Exception {
    try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      return http.send(
              HttpRequest.newBuilder(URI.create("http://localhost:" + PORT + "/")).build(),
              BodyHandlers.discarding())
          .statusCode();
    }
  }
}
