package dev.longhaul.ops;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.mock.env.MockEnvironment;

class WorkerPortTest {
  private final MockEnvironment environment =
      new MockEnvironment()
          .withProperty("longhaul.standalone", "true")
          .withProperty("server.port", "8080");

  @Test
  void aWorkerServesItsOnePortAtTheManagementPort() {
    environment.setProperty("longhaul.role", "WORKER");
    environment.setProperty("management.server.port", "9000");
    process();

    assertThat(environment.getProperty("server.port")).isEqualTo("9000");
    assertThat(environment.getProperty("springdoc.api-docs.enabled")).isEqualTo("false");
  }

  @Test
  void anAddressOfActuatorsOwnNeedsAPortOfItsOwn() {
    environment.setProperty("longhaul.role", "worker");
    environment.setProperty("management.server.port", "9000");
    environment.setProperty("management.server.address", "0.0.0.0");
    process();

    assertThat(environment.getProperty("server.port")).isEqualTo("8080");
  }

  @Test
  void withoutAManagementPortItKeepsTheServersPort() {
    environment.setProperty("longhaul.role", "worker");
    process();

    assertThat(environment.getProperty("server.port")).isEqualTo("8080");
  }

  @Test
  void otherRolesAndHostApplicationsKeepBothPorts() {
    environment.setProperty("management.server.port", "9000");
    process();
    assertThat(environment.getProperty("server.port")).isEqualTo("8080");

    environment.setProperty("longhaul.role", "worker");
    environment.setProperty("longhaul.standalone", "false");
    process();
    assertThat(environment.getProperty("server.port")).isEqualTo("8080");
  }

  private void process() {
    new WorkerPort().postProcessEnvironment(environment, new SpringApplication());
  }
}
