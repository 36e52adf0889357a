package dev.longhaul.security.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.security.RefusalWriter;
import dev.longhaul.security.ServedPaths;
import dev.longhaul.security.oauth.AccessTokens;
import dev.longhaul.security.oauth.OAuthProperties;
import dev.longhaul.security.oauth.ProtectedResource;
import dev.longhaul.security.oauth.TokenOwners;
import dev.longhaul.testing.TestIssuer;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import tools.jackson.databind.json.JsonMapper;

class AccessFilterTest {
  private static final ServedPaths DOORS =
      new ServedPaths("/mcp", "/sse", "/messages", "/api/v1", "/actuator", true, true);
  private static final String AUDIENCE = "https://jobs.example.com";

  @Test
  void n6_theTokenIsHiddenFromEverythingBehind() throws Exception {
    try (var issuer = new TestIssuer()) {
      var request = request("/mcp", issuer.token("ann", AUDIENCE, "read"));
      var chain = new MockFilterChain();
      gate(issuer.url(), AUDIENCE).doFilter(request, new MockHttpServletResponse(), chain);

      var behind = (HttpServletRequest) Objects.requireNonNull(chain.getRequest());
      assertThat(behind.getHeader("authorization")).isNull();
      assertThat(Collections.list(behind.getHeaders("Authorization"))).isEmpty();
      assertThat(Collections.list(behind.getHeaderNames())).containsExactly("Accept");
      assertThat(behind.getHeader("Accept")).isEqualTo("*/*");
      assertThat(behind.getUserPrincipal().getName()).isEqualTo("ann");
      assertThat(behind.getRemoteUser()).isEqualTo("ann");
      assertThat(behind.getAuthType()).isEqualTo("Bearer");
      assertThat(behind.isUserInRole("read")).isTrue();
      assertThat(behind.isUserInRole("write")).isFalse();
    }
  }

  @Test
  void whileTheIssuerIsAwayATokenIsNeitherGoodNorBad() throws Exception {
    var issuer = new TestIssuer();
    String token = issuer.token("ann", AUDIENCE, "");
    AccessFilter gate = gate(issuer.url(), AUDIENCE);
    issuer.close();
    var response = new MockHttpServletResponse();
    var chain = new MockFilterChain();

    gate.doFilter(request("/api/v1/jobs", token), response, chain);

    assertThat(chain.getRequest()).isNull();
    assertThat(response.getStatus()).isEqualTo(503);
    assertThat(response.getHeader("Retry-After")).isEqualTo("5");
    assertThat(response.getHeader("WWW-Authenticate")).isNull();
  }

  @Test
  void tokensThatNameUnknownKeysDoNotHaveTheKeysFetchedEachTime() throws Exception {
    try (var issuer = new TestIssuer()) {
      AccessFilter gate = gate(issuer.url(), AUDIENCE);
      for (int i = 0; i < 30; i++) {
        var response = new MockHttpServletResponse();
        String forged = issuer.withUnknownKey("ann", AUDIENCE);
        gate.doFilter(request("/api/v1/jobs", forged), response, new MockFilterChain());
        assertThat(response.getStatus()).isEqualTo(401);
      }
      var chain = new MockFilterChain();
      String good = issuer.token("ann", AUDIENCE, "");
      gate.doFilter(request("/api/v1/jobs", good), new MockHttpServletResponse(), chain);

      assertThat(chain.getRequest()).isNotNull();
      // Far below 30, even on a slow machine.
      assertThat(issuer.keysFetched()).isLessThan(15);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Basic YTpi", "Bearer", "Bearer a b", "Bearer \"a\"", "a"})
  void n3_otherCredentialsAreNoToken(String header) throws Exception {
    var request = new MockHttpServletRequest("GET", "/mcp");
    request.setServletPath("/mcp");
    request.addHeader("Authorization", header);
    var response = new MockHttpServletResponse();

    gate("http://127.0.0.1:1", AUDIENCE).doFilter(request, response, new MockFilterChain());

    assertThat(response.getStatus()).isEqualTo(401);
  }

  @Test
  void n1_n2_belowAPathOfAProxyTheMetadataIsWhereClientsLook() throws Exception {
    AccessFilter gate = gate("https://id.example.com", "https://example.com/jobs");
    var response = new MockHttpServletResponse();
    gate.doFilter(request("/mcp", null), response, new MockFilterChain());
    assertThat(response.getHeader("WWW-Authenticate"))
        .contains("\"https://example.com/.well-known/oauth-protected-resource/jobs/mcp\"");

    for (String path : List.of("/jobs/mcp", "/mcp")) {
      var metadata = new MockHttpServletResponse();
      gate.doFilter(
          request("/.well-known/oauth-protected-resource" + path, null),
          metadata,
          new MockFilterChain());
      assertThat(JsonMapper.shared().readTree(metadata.getContentAsByteArray()).path("resource"))
          .asString()
          .isEqualTo("\"https://example.com/jobs/mcp\"");
    }
  }

  private static AccessFilter gate(String issuer, String publicUrl) {
    OAuthProperties properties = properties(issuer);
    return new AccessFilter(
        new AccessFilter.OAuth(
            new AccessTokens(
                properties,
                issuer,
                ProtectedResource.addresses(publicUrl, DOORS),
                new TokenOwners(issuer, first -> first)),
            new ProtectedResource(properties, issuer, publicUrl, DOORS)),
        null,
        new NeededScopes(properties.scopes(), properties.adminScopes(), DOORS),
        new RefusalWriter("/mcp"));
  }

  private static OAuthProperties properties(String issuer) {
    return new OAuthProperties(
        issuer, null, List.of(), List.of(), List.of("longhaul:admin"), List.of(), "sub");
  }

  private static MockHttpServletRequest request(String path, @Nullable String token) {
    var request = new MockHttpServletRequest("GET", path);
    request.setServletPath(path);
    request.addHeader("Accept", "*/*");
    if (token != null) {
      request.addHeader("Authorization", "Bearer " + token);
    }
    return request;
  }
}
