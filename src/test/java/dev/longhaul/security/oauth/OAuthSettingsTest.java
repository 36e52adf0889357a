package dev.longhaul.security.oauth;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.mock.env.MockEnvironment;

class OAuthSettingsTest {
  @Test
  void withoutAnAudienceItDoesNotStart() {
    var environment = new MockEnvironment();
    assertThatThrownBy(() ->
            new OAuthConfiguration()
                .longhaulAccessTokens(
                    properties("https://id.example.com"),
                    new TokenOwners("https://id.example.com", first -> first),
                    environment))
        .isInstanceOf(InvalidConfigurationPropertyValueException.class)
        .hasMessageContaining("longhaul.security.oauth.audiences");
  }

  @Test
  void settingsThatCannotWorkAreRefusedByName() {
    assertThatThrownBy(() -> properties("id.example.com")).hasMessageContaining("oauth.issuer");
    assertThatThrownBy(() ->
            new OAuthProperties(
                "https://id.example.com",
                null,
                List.of(),
                List.of("a b"),
                List.of(),
                List.of(),
                "sub"))
        .hasMessageContaining("oauth.scopes");
  }

  private static OAuthProperties properties(String issuer) {
    return new OAuthProperties(
        issuer, null, List.of(), List.of(), List.of("longhaul:admin"), List.of(), "sub");
  }
}
