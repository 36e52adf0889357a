package dev.longhaul.ops.production;

import dev.longhaul.production.ProductionCheck;
import dev.longhaul.production.ProductionReport;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/**
 * {@code /actuator/productioncheck}: whether this process and its Redis are fit for production. Not
 * exposed unless {@code management.endpoints.web.exposure.include} names it.
 */
@Endpoint(id = "productioncheck")
public final class ProductionCheckEndpoint {
  private final ObjectProvider<ProductionCheck> checks;

  ProductionCheckEndpoint(ObjectProvider<ProductionCheck> checks) {
    this.checks = checks;
  }

  /** Looks now. */
  @ReadOperation
  public ProductionReport check() {
    return ProductionReport.of(checks.orderedStream().toList());
  }
}
