package dev.longhaul.security.apikey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.security.Authentication;
import dev.longhaul.security.Scope;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.mock.env.MockEnvironment;

class ApiKeySettingsTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final String KEY = Authentication.API_KEYS + ".alice";

  @Test
  void aKeyClosesTheServerAndSoDoesTheSetting() {
    assertThat(Authentication.isRequired(new MockEnvironment())).isFalse();
    assertThat(Authentication.isRequired(new MockEnvironment().withProperty(KEY + ".secret", "x")))
        .isTrue();
    assertThat(
            Authentication.isRequired(
                new MockEnvironment().withProperty(Authentication.API_KEYS_ENABLED, "true")))
        .isTrue();
    assertThat(
            Authentication.isRequired(
                new MockEnvironment().withProperty("longhaul.security.oauth.issuer", "https://x")))
        .isTrue();
  }

  @Test
  void aSecretAndItsDigestAreTheSame() {
    var environment =
        new MockEnvironment()
            .withProperty(KEY + ".secret", SECRET)
            .withProperty(KEY + ".scopes", "jobs:read,mcp:call")
            .withProperty(KEY + ".expires", "2027-01-31T00:00:00Z")
            .withProperty(Authentication.API_KEYS + ".bob.secret-sha256", Secrets.digest("other"))
            .withProperty(Authentication.API_KEYS + ".bob.scopes[0]", "metrics:read");
    var keys = ApiKeySettings.read(environment);

    assertThat(keys).hasSize(2);
    assertThat(keys.getFirst().digests()).containsExactly(Secrets.digest(SECRET));
    assertThat(keys.getFirst().scopes()).containsExactly(Scope.MCP_CALL, Scope.JOBS_READ);
    assertThat(keys.getFirst().expires()).isEqualTo("2027-01-31T00:00:00Z");
    assertThat(keys.getLast().digests()).containsExactly(Secrets.digest("other"));
  }

  @Test
  void environmentVariablesAreRead() {
    var environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .addFirst(
            new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                Map.of(
                    "LONGHAUL_SECURITY_APIKEYS_ALICE_SECRET",
                    SECRET,
                    "LONGHAUL_SECURITY_APIKEYS_ALICE_SCOPES",
                    "jobs:read")));

    assertThat(Authentication.isRequired(environment)).isTrue();
    assertThat(ApiKeySettings.read(environment)).extracting("name").containsExactly("alice");
  }

  @Test
  void aVariableThatIsNotReadClosesTheServerAndStopsItsStart() {
    var environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .addFirst(
            new SystemEnvironmentPropertySource(
                "variables", Map.of("LONGHAUL_SECURITY_API_KEYS_ALICE_SECRET", SECRET)));

    assertThat(Authentication.isRequired(environment)).isTrue();
    assertThatThrownBy(() -> ApiKeySettings.read(environment))
        .hasMessageContaining("LONGHAUL_SECURITY_APIKEYS_")
        .hasMessageNotContaining(SECRET);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "secret | 0123456789 | fewer than 32",
        "secret | 0123456789abcdef0123456789abcde\u00e9 | all of A-Z",
        "secret-sha256 | 0123456789 | SHA-256",
        "expires | tomorrow | 2027-01-31",
        "scopes | jobs:everything | mcp:call"
      })
  void whatIsWrongIsNamedWithoutItsValue(String setting, String value, String message) {
    var environment =
        new MockEnvironment()
            .withProperty(KEY + ".secret", SECRET)
            .withProperty(KEY + ".scopes", "jobs:read");
    environment.setProperty(KEY + "." + setting, value);
    if (setting.equals("secret-sha256")) {
      environment.setProperty(KEY + ".secret", "");
    }

    assertThatThrownBy(() -> ApiKeySettings.read(environment))
        .isInstanceOf(ApiKeySettingsException.class)
        .hasMessageContaining("longhaul.security.api-keys.alice")
        .hasMessageContaining(message)
        .hasMessageNotContaining(
            value.length() > 8 && setting.startsWith("secret") ? value : SECRET);
  }

  @Test
  void aKeyWithoutSecretOrWithADisabledSettingIsRefused() {
    assertThatThrownBy(() ->
            ApiKeySettings.read(
                new MockEnvironment()
                    .withProperty(KEY + ".secret", "")
                    .withProperty(KEY + ".scopes", "jobs:read")))
        .hasMessageContaining("one secret");
    assertThatThrownBy(() ->
            ApiKeySettings.read(
                new MockEnvironment()
                    .withProperty(KEY + ".secret", SECRET)
                    .withProperty(KEY + ".scopes", "jobs:read")
                    .withProperty(Authentication.API_KEYS_ENABLED, "false")))
        .hasMessageContaining("enabled");
    assertThatThrownBy(() ->
            ApiKeySettings.read(
                new MockEnvironment()
                    .withProperty(KEY + ".secret", SECRET)
                    .withProperty(KEY + ".scopes", "jobs:read")
                    .withProperty(Authentication.API_KEYS + ".bob.secret", SECRET)
                    .withProperty(Authentication.API_KEYS + ".bob.scopes", "jobs:admin")))
        .hasMessageContaining("twice");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "ture", "enabled"})
  void aServerOfWhichItIsUnclearWhetherItIsClosedIsClosedAndDoesNotStart(String value) {
    var environment = new MockEnvironment().withProperty(Authentication.API_KEYS_ENABLED, value);

    assertThat(Authentication.isRequired(environment)).isTrue();
    assertThatThrownBy(() -> ApiKeySettings.read(environment))
        .isInstanceOf(ApiKeySettingsException.class)
        .hasMessageContaining("longhaul.security.api-keys.enabled is set");
  }

  @Test
  void anEmptyVariableIsNoPermissionToStartOpen() {
    var environment = variables(Map.of("LONGHAUL_SECURITY_APIKEYS_ENABLED", ""));

    assertThat(Authentication.isRequired(environment)).isTrue();
    assertThatThrownBy(() -> ApiKeySettings.read(environment))
        .isInstanceOf(ApiKeySettingsException.class)
        .hasMessageContaining("longhaul.security.api-keys.enabled is set");
    assertThat(
            Authentication.isRequired(
                variables(Map.of("LONGHAUL_SECURITY_APIKEYS_ENABLED", "false"))))
        .isFalse();
  }

  @Test
  void aKeyNamedEnabledClosesTheServerAndIsRefused() {
    var environment =
        new MockEnvironment()
            .withProperty(Authentication.API_KEYS_ENABLED + ".secret", SECRET)
            .withProperty(Authentication.API_KEYS_ENABLED + ".scopes", "jobs:read");
    var variables = variables(Map.of("LONGHAUL_SECURITY_APIKEYS_ENABLED_SECRET", SECRET));

    for (var each : List.of(environment, variables)) {
      assertThat(Authentication.isRequired(each)).isTrue();
      assertThatThrownBy(() -> ApiKeySettings.read(each))
          .isInstanceOf(ApiKeySettingsException.class)
          .hasMessageContaining("no key can be named enabled")
          .hasMessageNotContaining(SECRET);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"expires-at", "scope", "secret.sha256", "secrets[0]", "more.than.this"})
  void anUnknownSettingOfAKeyIsRefusedWithoutItsValue(String unknown) {
    var environment =
        new MockEnvironment()
            .withProperty(KEY + ".secret", SECRET)
            .withProperty(KEY + ".scopes", "jobs:read")
            .withProperty(KEY + "." + unknown, "what nobody may see");

    assertThatThrownBy(() -> ApiKeySettings.read(environment))
        .isInstanceOf(ApiKeySettingsException.class)
        .hasNoCause()
        .hasMessageContaining(KEY + "." + unknown)
        .hasMessageContaining("secret, secret-sha256, scopes and expires")
        .hasMessageNotContaining("nobody");
  }

  @Test
  void anUnknownVariableOfAKeyIsRefused() {
    var environment =
        variables(
            Map.of(
                "LONGHAUL_SECURITY_APIKEYS_ALICE_SECRETSHA256",
                Secrets.digest(SECRET),
                "LONGHAUL_SECURITY_APIKEYS_ALICE_SCOPES",
                "jobs:read",
                "LONGHAUL_SECURITY_APIKEYS_ALICE_EXPIRES_AT",
                "2027-01-31T00:00:00Z"));

    assertThatThrownBy(() -> ApiKeySettings.read(environment))
        .isInstanceOf(ApiKeySettingsException.class)
        .hasMessageContaining("expires.at");
  }

  @Test
  void whatCannotBeReadIsNamedWithoutItsValue() {
    var environment = new MockEnvironment().withProperty(KEY, "what nobody may see");

    assertThatThrownBy(() -> ApiKeySettings.read(environment))
        .isInstanceOf(ApiKeySettingsException.class)
        .hasNoCause()
        .hasMessageContaining(KEY + " cannot be read")
        .hasMessageNotContaining("nobody");
  }

  private static ConfigurableEnvironment variables(Map<String, Object> variables) {
    var environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .addFirst(
            new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
    return environment;
  }
}
