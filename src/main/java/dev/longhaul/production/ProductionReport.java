package dev.longhaul.production;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.springframework.core.NestedExceptionUtils;

/**
 * The findings of all checks.
 *
 * @param verdict that of the worst finding
 */
public record ProductionReport(
    @JsonProperty("verdict") Verdict verdict, @JsonProperty("findings") List<Finding> findings) {

  public ProductionReport {
    findings = List.copyOf(findings);
  }

  /** Runs the checks in their order. One that breaks is a finding of its own. */
  public static ProductionReport of(Iterable<ProductionCheck> checks) {
    List<Finding> all = new ArrayList<>();
    for (ProductionCheck check : checks) {
      try {
        all.addAll(check.findings());
      } catch (RuntimeException e) {
        all.add(broken(e));
      }
    }
    Verdict worst =
        all.stream().map(Finding::verdict).max(Comparator.naturalOrder()).orElse(Verdict.PASS);
    return new ProductionReport(worst, all);
  }

  public long count(Verdict verdict) {
    return findings.stream().filter(finding -> finding.verdict() == verdict).count();
  }

  // Most likely a setting that does not bind; its innermost message names it and the remedy.
  private static Finding broken(RuntimeException failure) {
    Throwable root = NestedExceptionUtils.getMostSpecificCause(failure);
    return Finding.fail(
        "settings",
        Objects.requireNonNullElseGet(failure.getMessage(), failure::toString)
            + (failure.getCause() == null ? "" : ": " + root.getMessage()),
        "Correct the setting; docs/configuration.md describes each.");
  }
}
