package dev.longhaul.ops.production;

import static dev.longhaul.production.Verdict.FAIL;
import static dev.longhaul.production.Verdict.PASS;
import static dev.longhaul.production.Verdict.WARN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.production.Finding;
import dev.longhaul.production.ProductionCheck;
import dev.longhaul.production.ProductionReport;
import dev.longhaul.production.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.mock.env.MockEnvironment;

/** The production check of settings. */
class SettingsChecksTest {
  private static final long MB = 1L << 20;

  private final MockEnvironment settings = new MockEnvironment();

  @Test
  void callersAreAuthenticatedOrOnThisMachine() {
    set("server.address", "127.0.0.1");
    assertThat(verdict(new CallersCheck(settings), "authentication")).isEqualTo(PASS);
    set("server.address", "0.0.0.0");
    set("longhaul.security.allow-unauthenticated", "true");
    assertThat(verdict(new CallersCheck(settings), "authentication")).isEqualTo(FAIL);
    set("longhaul.security.api-keys.alice.secret-sha256", "00");
    assertThat(verdict(new CallersCheck(settings), "authentication")).isEqualTo(PASS);
  }

  @Test
  void actuatorIsNotForEverybody() {
    set("server.address", "0.0.0.0");
    set("management.endpoints.web.exposure.include", "health,info,prometheus");
    assertThat(verdict(new CallersCheck(settings), "actuator")).isEqualTo(WARN);
    set("management.endpoints.web.exposure.include", "*");
    assertThat(verdict(new CallersCheck(settings), "actuator")).isEqualTo(FAIL);
    set("longhaul.security.oauth.issuer", "https://login.example");
    assertThat(verdict(new CallersCheck(settings), "actuator")).isEqualTo(PASS);
    // A port of its own asks for no token.
    set("management.server.port", "9090");
    assertThat(verdict(new CallersCheck(settings), "actuator")).isEqualTo(FAIL);
    set("management.server.address", "127.0.0.1");
    assertThat(verdict(new CallersCheck(settings), "actuator")).isEqualTo(PASS);
  }

  @Test
  void theSigningKeyIsOnesOwn() {
    assertThat(verdict(new CallersCheck(settings), "signing-key")).isEqualTo(WARN);
    set("longhaul.mcp.request-state-keys", "sixteen-or-more-characters");
    List<Finding> findings = new CallersCheck(settings).findings();
    assertThat(findings).extracting(Finding::verdict).contains(PASS);
    assertThat(findings.toString()).doesNotContain("sixteen-or-more");
  }

  @Test
  void theHeapLeavesRoomForTheRest() {
    assertThat(verdict(new MemoryCheck(1000 * MB, 750 * MB), "memory")).isEqualTo(PASS);
    assertThat(verdict(new MemoryCheck(1000 * MB, 950 * MB), "memory")).isEqualTo(FAIL);
    assertThat(verdict(new MemoryCheck(500 * MB, 125 * MB), "memory")).isEqualTo(WARN);
  }

  @Test
  void limitsMakeSenseTogether() {
    assertThat(limits()).isEqualTo(PASS);
    set("longhaul.quotas.jobs", "0");
    assertThat(limits()).isEqualTo(WARN);
    set("longhaul.worker.drain", "2m");
    assertThat(limits()).isEqualTo(FAIL);
    set("spring.lifecycle.timeout-per-shutdown-phase", "3m");
    assertThat(limits()).isEqualTo(WARN);
    set("longhaul.cache.memory", "900MB");
    assertThat(limits()).isEqualTo(FAIL);
  }

  @Test
  void aSettingThatDoesNotBindIsAFindingOfItsOwn() {
    set("longhaul.worker.drain", "-1s");
    ProductionReport report = report(new LimitsCheck(settings, 1000 * MB));
    assertThat(report.verdict()).isEqualTo(FAIL);
    assertThat(report.findings().getFirst().observed()).contains("longhaul.worker.drain must not");
  }

  @Test
  void compressionCacheAndLogAreAsForProduction() {
    LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());
    String logger = "dev.longhaul.ops.production.test";
    set("server.compression.enabled", "true");
    logging.setLogLevel(logger, LogLevel.TRACE);
    try {
      List<Finding> findings = new ServingCheck(settings, logging).findings();
      assertThat(findings.getLast().observed()).contains(logger);
      assertThat(findings).extracting(Finding::verdict).containsExactly(PASS, PASS, WARN);
    } finally {
      logging.setLogLevel(logger, null);
    }
    set("server.compression.enabled", "false");
    set("longhaul.cache.memory", "0");
    assertThat(new ServingCheck(settings, logging).findings())
        .extracting(Finding::verdict)
        .startsWith(WARN, WARN);
  }

  private void set(String name, String value) {
    settings.setProperty(name, value);
  }

  private Verdict limits() {
    return report(new LimitsCheck(settings, 1000 * MB)).verdict();
  }

  private static ProductionReport report(ProductionCheck check) {
    return ProductionReport.of(List.of(check));
  }

  private static Verdict verdict(ProductionCheck check, String name) {
    return check.findings().stream()
        .filter(finding -> finding.check().equals(name))
        .findFirst()
        .orElseThrow()
        .verdict();
  }
}
