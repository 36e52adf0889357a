package dev.longhaul.security;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.boot.SpringApplication;
import org.springframework.core.io.ClassPathResource;
import org.springframework.mock.env.MockEnvironment;

class BindAddressCheckTest {
  private final MockEnvironment environment =
      new MockEnvironment().withProperty("longhaul.standalone", "true");

  @Test
  void c3_theApplicationListensOnLoopbackUnlessToldOtherwise() {
    var defaults = new YamlPropertiesFactoryBean();
    defaults.setResources(new ClassPathResource("longhaul-defaults.yml"));
    assertThat(requireNonNull(defaults.getObject()).getProperty("server.address"))
        .isEqualTo("127.0.0.1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.0.0.2", "::1", "localhost"})
  void loopbackIsAllowed(String address) {
    environment.setProperty("server.address", address);
    assertThatCode(this::check).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1", ""})
  void c3_otherAddressesNeedTheOperatorsWord(String address) {
    environment.setProperty("server.address", address);

    assertThatThrownBy(this::check)
        .isInstanceOfSatisfying(
            UnsafeBindException.class,
            e -> {
              var analysis = requireNonNull(new UnsafeBindFailureAnalyzer().analyze(e));
              assertThat(analysis.getDescription()).contains("server.address");
              assertThat(analysis.getAction())
                  .contains("longhaul.security.allow-unauthenticated=true")
                  .contains("longhaul.http.allowed-hosts");
            });
    environment.setProperty("longhaul.security.allow-unauthenticated", "true");
    assertThatCode(this::check).doesNotThrowAnyException();
  }

  @Test
  void theManagementPortIsCheckedAndFollowsTheServersAddress() {
    environment.setProperty("server.address", "127.0.0.1");
    environment.setProperty("management.server.port", "9000");
    check();
    assertThat(environment.getProperty("management.server.address")).isEqualTo("127.0.0.1");

    environment.setProperty("management.server.address", "0.0.0.0");
    assertThatThrownBy(this::check).hasMessageContaining("management.server.address is 0.0.0.0");
  }

  @Test
  void withoutAManagementPortOfItsOwnThereIsNoManagementAddress() {
    environment.setProperty("server.address", "127.0.0.1");
    check();
    environment.setProperty("server.port", "9000");
    environment.setProperty("management.server.port", "9000");
    check();

    assertThat(environment.containsProperty("management.server.address")).isFalse();
  }

  @Test
  void aWorkerHasNoFrontDoorsAndALibraryNoServerOfItsOwn() {
    environment.setProperty("server.address", "0.0.0.0");
    environment.setProperty("longhaul.role", "worker");
    assertThatCode(this::check).doesNotThrowAnyException();

    environment.setProperty("longhaul.role", "all");
    environment.setProperty("longhaul.standalone", "false");
    assertThatCode(this::check).doesNotThrowAnyException();
  }

  private void check() {
    new BindAddressCheck().postProcessEnvironment(environment, new SpringApplication());
  }
}
