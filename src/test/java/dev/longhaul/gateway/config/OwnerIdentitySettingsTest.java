package dev.longhaul.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.SignedJWT;
import dev.longhaul.gateway.auth.owner.Assertions;
import dev.longhaul.gateway.config.UpstreamConfig.SessionScope;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Date;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.env.MockEnvironment;

/** The settings {@code identity.*} of an upstream, and what their keys sign. */
class OwnerIdentitySettingsTest {
  private static final String SECRET = "a shared secret of more than 32 bytes";
  private static final String PREFIX = "longhaul.upstreams.notes.";
  private static final Instant NOW = Instant.parse("2026-12-01T00:00:00Z");

  @TempDir private Path folder;

  private static Entry read(String... settings) {
    MockEnvironment environment =
        new MockEnvironment().withProperty(PREFIX + "url", "https://notes.example/mcp?key=k");
    for (int i = 0; i < settings.length; i += 2) {
      environment.setProperty(PREFIX + settings[i], settings[i + 1]);
    }
    return new ConfiguredUpstreams(environment, _ -> null, true).read(8080).getFirst();
  }

  private String pem(KeyPair pair) throws Exception {
    String text =
        "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded())
            + "\n-----END PRIVATE KEY-----\n";
    return Files.writeString(folder.resolve("key.pem"), text).toString();
  }

  private static OwnerIdentity.Header header(Entry entry) {
    UpstreamConfig config = entry.config();
    assertThat(config).as(String.valueOf(entry.reason())).isNotNull();
    return (OwnerIdentity.Header) Objects.requireNonNull(Objects.requireNonNull(config).identity());
  }

  private static SignedJWT signed(OwnerIdentity.Header header) throws Exception {
    return SignedJWT.parse(
        new Assertions(Clock.fixed(NOW, ZoneOffset.UTC))
            .sign(header.assertion(), Assertions.OWNER, "alice"));
  }

  @Test
  void aPemFileSignsWithTheAlgorithmOfItsKey() throws Exception {
    KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
    rsa.initialize(2_048);
    KeyPair pair = rsa.generateKeyPair();
    SignedJWT jwt = signed(header(read("identity.mode", "header", "identity.key-file", pem(pair))));
    assertThat(jwt.getHeader().getAlgorithm().getName()).isEqualTo("RS256");
    assertThat(jwt.verify(new RSASSAVerifier((RSAPublicKey) pair.getPublic()))).isTrue();
    assertThat(jwt.getJWTClaimsSet().getSubject()).isEqualTo("alice");
    assertThat(jwt.getJWTClaimsSet().getAudience()).containsExactly("https://notes.example/mcp");
    assertThat(jwt.getJWTClaimsSet().getExpirationTime()).isEqualTo(Date.from(NOW.plusSeconds(60)));

    KeyPairGenerator curve = KeyPairGenerator.getInstance("EC");
    curve.initialize(new ECGenParameterSpec("secp256r1"));
    assertThat(
            signed(
                    header(
                        read(
                            "identity.mode",
                            "header",
                            "identity.key-file",
                            pem(curve.generateKeyPair()))))
                .getHeader()
                .getAlgorithm()
                .getName())
        .isEqualTo("ES256");
  }

  @Test
  void anEdwardsKeySignsAsTheJdkVerifies() throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    SignedJWT jwt =
        signed(
            header(
                read(
                    "identity.mode",
                    "header",
                    "identity.key-file",
                    pem(pair),
                    "identity.key-id",
                    "2026a")));
    assertThat(jwt.getHeader().getAlgorithm().getName()).isEqualTo("EdDSA");
    assertThat(jwt.getHeader().getKeyID()).isEqualTo("2026a");
    Signature verifier = Signature.getInstance("Ed25519");
    verifier.initVerify(pair.getPublic());
    verifier.update(jwt.getSigningInput());
    assertThat(verifier.verify(jwt.getSignature().decode())).isTrue();
  }

  @Test
  void sessionsAreOfOneCallerAndNamesAreTheOperators() {
    Entry entry =
        read(
            "identity.mode", "header",
            "identity.header", "X-For",
            "identity.issuer", "https://jobs.example",
            "identity.audience", "notes",
            "identity.lifetime", "5m",
            "identity.secret", SECRET);
    OwnerIdentity.Header header = header(entry);
    assertThat(header.name()).isEqualTo("X-For");
    assertThat(header.assertion().issuer()).isEqualTo("https://jobs.example");
    assertThat(header.assertion().audience()).isEqualTo("notes");
    assertThat(header.assertion().lifetime()).isEqualTo(Duration.ofMinutes(5));
    assertThat(Objects.requireNonNull(entry.config()).session()).isEqualTo(SessionScope.CALLER);
    assertThat(header.toString()).doesNotContain(SECRET);
  }

  @Test
  void aSecretMayStandInTheFirstLineOfAFile() throws Exception {
    Path file = Files.writeString(folder.resolve("secret"), SECRET + "\nmore\n");
    OwnerIdentity.Header header =
        header(read("identity.mode", "header", "identity.secret-file", file.toString()));
    assertThat(header.assertion().key().key().getEncoded())
        .isEqualTo(SECRET.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "session=shared identity.mode=header | session=shared",
        "identity.issuer=x | identity.mode is missing",
        "identity.mode=header | set one of identity.key-file, identity.secret",
        "identity.mode=header identity.secret=short | identity.secret is shorter than 32 bytes",
        "identity.mode=header identity.key-file=/nowhere | identity.key-file cannot be read",
        "identity.mode=header identity.header=Authorization | identity.header is no name",
        "identity.mode=header identity.header=Mcp-Name | identity.header is no name",
        "identity.mode=header headers.Longhaul-Owner=x | leave one of them out",
        "identity.mode=header identity.lifetime=10m identity.secret=@ | identity.lifetime is",
        "identity.mode=jwt-bearer identity.secret=@ | identity.mode=jwt-bearer needs"
            + " auth.token-url",
      })
  void whatIsWrongDisablesTheEntryAndNamesTheSetting(String settings, String reason) {
    String[] words = settings.strip().split("[ =]", -1);
    for (int i = 0; i < words.length; i++) {
      words[i] = words[i].equals("@") ? "x".repeat(40) : words[i];
    }
    Entry entry = read(words);
    assertThat(entry.state()).isEqualTo(Entry.State.INVALID);
    assertThat(entry.reason()).contains(reason);
  }

  @Test
  void aFileWithoutAPrivateKeyIsRefusedWithoutItsContent() throws Exception {
    for (String content :
        new String[] {
          "-----BEGIN RSA PRIVATE KEY-----\nYWJj\n-----END RSA PRIVATE KEY-----",
          "-----BEGIN PRIVATE KEY-----\nYWJj\n-----END PRIVATE KEY-----",
          "{\"kty\": \"OKP\", \"crv\": \"X25519\", \"x\": \"YWJj\", \"d\": \"YWJj\"}",
          "YWJj"
        }) {
      Path file = Files.writeString(folder.resolve("wrong"), content);
      Entry entry = read("identity.mode", "header", "identity.key-file", file.toString());
      assertThat(entry.reason())
          .contains("identity.key-file names a file without a private key", "pkcs8")
          .doesNotContain("YWJj");
    }
  }

  @Test
  void tokensAreExchangedOnlyWhereTheyCanBeKeptEncrypted() {
    MockEnvironment environment =
        new MockEnvironment()
            .withProperty(PREFIX + "url", "https://notes.example/mcp")
            .withProperty(PREFIX + "auth.token-url", "https://login.example/token")
            .withProperty(PREFIX + "auth.client-id", "longhaul")
            .withProperty(PREFIX + "auth.client-secret", "s")
            .withProperty(PREFIX + "identity.mode", "exchange");
    Entry without =
        new ConfiguredUpstreams(environment, _ -> null, true, false).read(8080).getFirst();
    assertThat(without.state()).isEqualTo(Entry.State.INVALID);
    assertThat(without.reason()).contains("longhaul.security.encryption.key");
    Entry with = new ConfiguredUpstreams(environment, _ -> null, true, true).read(8080).getFirst();
    assertThat(Objects.requireNonNull(with.config()).identity())
        .isEqualTo(new OwnerIdentity.Exchange(null));
    environment.setProperty(PREFIX + "identity.secret", SECRET);
    assertThat(
            new ConfiguredUpstreams(environment, _ -> null, true, true)
                .read(8080)
                .getFirst()
                .reason())
        .contains("identity.mode=exchange signs nothing");
  }

  @Test
  void aProcessHasNoSuchHeader() {
    MockEnvironment environment =
        new MockEnvironment()
            .withProperty(PREFIX + "command", "sh")
            .withProperty(PREFIX + "identity.mode", "header")
            .withProperty(PREFIX + "identity.secret", SECRET);
    assertThat(
            new ConfiguredUpstreams(environment, _ -> null, false).read(8080).getFirst().reason())
        .contains("identity is only for a url");
  }
}
