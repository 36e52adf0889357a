package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.Jobs;
import dev.longhaul.mcp.AskingServer.Received;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.testing.TestIssuer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;

/** Upstreams over HTTP learn for whom a call is made, with an api process and a worker apart. */
@Timeout(300)
class OwnerIdentityTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String AUDIENCE = "https://jobs.example.com/mcp";
  private static final String OWNER = "Longhaul-Owner";
  private static final String HMAC = "a shared secret of more than 32 bytes";
  private static final int API = 1;

  private static final TestIssuer ISSUER = new TestIssuer();
  private static final AskingServer SIGNED = new AskingServer();
  private static final AskingServer BEARER = new AskingServer();
  private static ECKey key;
  private static Replicas replicas;

  @Configuration(proxyBeanMethods = false)
  static class Nothing {}

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    key = new ECKeyGenerator(Curve.P_256).keyID("of-longhaul").generate();
    Path file = Files.writeString(folder.resolve("key.json"), key.toJSONString());
    String signed = "--longhaul.upstreams.signed.";
    String bearer = "--longhaul.upstreams.bearer.";
    String[] common = {
      "--longhaul.security.oauth.issuer=" + ISSUER.url(),
      "--longhaul.security.oauth.audiences=" + AUDIENCE
    };
    replicas = new Replicas(0, Nothing.class);
    replicas.start(
        with(
            common,
            "--longhaul.role=worker",
            signed + "url=" + SIGNED.url(),
            signed + "auth.token-url=" + SIGNED.tokenUrl(),
            signed + "auth.client-id=" + AskingServer.CLIENT,
            signed + "auth.client-secret=" + AskingServer.SECRET,
            signed + "identity.mode=header",
            signed + "identity.key-file=" + file,
            bearer + "url=" + BEARER.url(),
            bearer + "auth.token-url=" + BEARER.tokenUrl(),
            bearer + "auth.client-id=" + AskingServer.CLIENT,
            bearer + "auth.client-secret=" + AskingServer.SECRET,
            bearer + "identity.mode=jwt-bearer",
            bearer + "identity.secret=" + HMAC,
            bearer + "identity.lifetime=5m",
            bearer + "tools.policies.whoami.retry.max-attempts=3"));
    replicas.start(with(common, "--longhaul.role=api"));
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(listed()).contains("signed_whoami", "bearer_whoami"));
  }

  private static String[] with(String[] common, String... more) {
    return Stream.concat(Arrays.stream(common), Arrays.stream(more)).toArray(String[]::new);
  }

  @AfterAll
  static void stop() {
    if (replicas != null) {
      replicas.close();
    }
    SIGNED.close();
    BEARER.close();
    ISSUER.close();
  }

  private static String token(String subject) {
    return ISSUER.token(subject, AUDIENCE, "longhaul:call");
  }

  private static Set<String> listed() {
    JsonNode tools =
        replicas
            .get(API)
            .modern("tools/list", Replies.object())
            .header("Authorization", "Bearer " + token("looker"))
            .send()
            .result()
            .path("tools");
    // The first of two has its own name; with the upstream's name before it each can be called.
    Set<String> names =
        tools
            .valueStream()
            .map(each -> each.path("name").asString())
            .collect(Collectors.toCollection(HashSet::new));
    if (names.contains("bearer_whoami") || names.contains("signed_whoami")) {
      names.addAll(List.of("bearer_whoami", "signed_whoami"));
    }
    return names;
  }

  private static McpHttp.Answer rest(String caller, String method, String path, String body) {
    return replicas
        .get(API)
        .at("/api/v1" + path)
        .raw(body)
        .header("Accept", "application/json")
        .header("Content-Type", body.isEmpty() ? null : "application/json")
        .header("Authorization", "Bearer " + token(caller))
        .method(method)
        .send();
  }

  private static JsonNode ended(String caller, String tool) {
    McpHttp.Answer made = rest(caller, "POST", "/jobs", "{\"tool\": \"" + tool + "\"}");
    assertThat(made.status()).as(made.text).isBetween(200, 202);
    String id = made.json().path("id").asString();
    await()
        .atMost(LIMIT)
        .until(() ->
            Set.of("completed", "failed", "dead")
                .contains(rest(caller, "GET", "/jobs/" + id, "").json().path("state").asString()));
    return rest(caller, "GET", "/jobs/" + id, "").json();
  }

  private static String said(String caller, String tool) {
    JsonNode job = ended(caller, tool);
    assertThat(job.path("state").asString()).as(job.toString()).isEqualTo("completed");
    return rest(caller, "GET", "/jobs/" + job.path("id").asString() + "/result", "").text;
  }

  private static JWTClaimsSet verified(SignedJWT jwt, String issuer, String audience)
      throws Exception {
    JWTClaimsSet claims = jwt.getJWTClaimsSet();
    assertThat(claims.getIssuer()).isEqualTo(issuer);
    assertThat(claims.getAudience()).containsExactly(audience);
    Instant issued = claims.getIssueTime().toInstant();
    Instant ends = claims.getExpirationTime().toInstant();
    assertThat(ends).isAfter(issued).isBeforeOrEqualTo(issued.plus(Duration.ofMinutes(5)));
    assertThat(claims.getJWTID()).isNotBlank();
    return claims;
  }

  @Test
  void aSignedHeaderSaysForWhomACallIsMadeBesideTheServersOwnToken() throws Exception {
    said("alice", "signed_whoami");
    said("bob", "signed_whoami");

    Set<String> subjects = new HashSet<>();
    Set<String> ids = new HashSet<>();
    for (Received call : SIGNED.calls("whoami")) {
      SignedJWT jwt = SignedJWT.parse(call.header(OWNER));
      assertThat(jwt.verify(new ECDSAVerifier(key.toPublicJWK()))).isTrue();
      assertThat(jwt.getHeader().getKeyID()).isEqualTo("of-longhaul");
      assertThat(jwt.getHeader().getType().getType()).isEqualTo("longhaul-owner+jwt");
      JWTClaimsSet claims = verified(jwt, "longhaul", SIGNED.url());
      subjects.add(claims.getSubject());
      assertThat(ids.add(claims.getJWTID())).as("each message has its own id").isTrue();
      assertThat(call.token()).startsWith("token-");
    }
    assertThat(subjects).containsExactlyInAnyOrder("alice", "bob");
    assertThat(SIGNED.forms)
        .isNotEmpty()
        .allMatch(form -> "client_credentials".equals(form.get("grant_type")));
    assertThat(SIGNED.received.stream().filter(each -> each.method().equals("tools/list")))
        .isNotEmpty()
        .allMatch(each -> each.header(OWNER).isEmpty());
  }

  @Test
  void aTokenIsGotForEachOwnerAndNeverUsedForAnother() throws Exception {
    assertThat(said("carol", "bearer_whoami")).contains("you are carol");
    assertThat(said("dave", "bearer_whoami")).contains("you are dave");
    assertThat(said("carol", "bearer_whoami")).contains("you are carol");

    Map<String, List<Map<String, String>>> bySubject =
        BEARER.forms.stream()
            .filter(form -> form.containsKey("assertion"))
            .collect(Collectors.groupingBy(OwnerIdentityTest::subject));
    assertThat(bySubject.get("carol")).as("kept until it ends").hasSize(1);
    assertThat(bySubject.get("dave")).hasSize(1);
    Map<String, String> form = bySubject.get("carol").getFirst();
    assertThat(form).containsEntry("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
    assertThat(form).containsEntry("resource", BEARER.url());
    assertThat(form.get("authorization")).startsWith("Basic ");
    SignedJWT assertion = SignedJWT.parse(form.get("assertion"));
    assertThat(assertion.verify(new MACVerifier(HMAC))).isTrue();
    verified(assertion, AskingServer.CLIENT, BEARER.tokenUrl());
    assertThat(
            BEARER.calls("whoami").stream()
                .filter(call -> !BEARER.subject(call.token()).isEmpty())
                .map(call -> BEARER.subject(call.token())))
        .contains("carol", "dave");
  }

  private static String subject(Map<String, String> form) {
    try {
      return SignedJWT.parse(form.get("assertion")).getJWTClaimsSet().getSubject();
    } catch (ParseException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anOwnerWhoIsRefusedDoesNotStopOthers() {
    BEARER.unknown = "mallory";

    JsonNode job = ended("mallory", "bearer_whoami");

    assertThat(job.path("state").asString()).isEqualTo("failed");
    assertThat(job.path("attempt").asInt()).isEqualTo(1);
    assertThat(job.toString())
        .contains("gives no access token for the caller", "longhaul.upstreams.bearer.identity");
    assertThat(said("erin", "bearer_whoami")).contains("you are erin");
  }

  @Test
  void aCallWithoutACallerIsRefusedBeforeItIsStored() {
    for (String tool : List.of("signed_whoami", "bearer_whoami")) {
      assertThatThrownBy(() -> replicas.bean(API, Jobs.class).call(tool, Map.of()))
          .isInstanceOf(IntakeException.class)
          .hasMessageContaining("has no known caller");
    }
  }
}
