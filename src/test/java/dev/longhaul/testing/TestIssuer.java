package dev.longhaul.testing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** The parts of an authorization server that a resource server uses: metadata, keys and tokens. */
public final class TestIssuer implements AutoCloseable {
  private final HttpServer server;
  private final RSAKey key = newKey("known");
  private final RSAKey stranger = newKey("stranger");
  private final AtomicInteger keysFetched = new AtomicInteger();

  /** Starts it on a free port of the loopback address. */
  public TestIssuer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext(
        "/.well-known/openid-configuration",
        exchange ->
            answer(
                exchange,
                """
                {"issuer": "%s", "jwks_uri": "%s/keys"}
                """
                    .formatted(url(), url())));
    server.createContext(
        "/keys",
        exchange -> {
          keysFetched.incrementAndGet();
          answer(exchange, new JWKSet(key.toPublicJWK()).toString());
        });
    server.start();
  }

  /** The issuer (claim iss) of its tokens. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** A token that is valid for an hour. */
  public String token(String subject, String audience, String scope) {
    return token(subject, audience, scope, UnaryOperator.identity());
  }

  /** A token with these claims. */
  public String token(
      String subject, String audience, String scope, UnaryOperator<JWTClaimsSet.Builder> change) {
    return signed(key, claims(subject, audience, scope, change));
  }

  /** A token that names this issuer, but is signed with another key. */
  public String forged(String subject, String audience) {
    return signed(newKey("known"), claims(subject, audience, "", UnaryOperator.identity()));
  }

  /** A forged token with a new, unknown key id each time. */
  public String withUnknownKey(String subject, String audience) {
    var renamed = new RSAKey.Builder(stranger).keyID(UUID.randomUUID().toString()).build();
    return signed(renamed, claims(subject, audience, "", UnaryOperator.identity()));
  }

  /** How often its keys were requested. */
  public int keysFetched() {
    return keysFetched.get();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private JWTClaimsSet claims(
      String subject, String audience, String scope, UnaryOperator<JWTClaimsSet.Builder> change) {
    var builder =
        new JWTClaimsSet.Builder()
            .issuer(url())
            .subject(subject)
            .audience(List.of(audience))
            .claim("scope", scope)
            .expirationTime(Date.from(Instant.now().plusSeconds(3_600)));
    return change.apply(builder).build();
  }

  private static String signed(RSAKey key, JWTClaimsSet claims) {
    var header =
        new JWSHeader.Builder(JWSAlgorithm.RS256)
            .keyID(key.getKeyID())
            .type(new JOSEObjectType("at+jwt"))
            .build();
    var token = new SignedJWT(header, claims);
    try {
      token.sign(new RSASSASigner(key));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
    return token.serialize();
  }

  private static RSAKey newKey(String id) {
    try {
      return new RSAKeyGenerator(2048).keyID(id).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void answer(HttpExchange exchange, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
