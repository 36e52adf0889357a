package dev.longhaul.rest;

import dev.longhaul.ops.health.InstallationHealth;
import dev.longhaul.security.Authentication;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.core.env.Environment;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The health of the installation, for anybody; its figures for those who may read metrics. */
@RestController
@Tag(name = "health", description = "Whether the installation is healthy.")
class HealthController {
  private final InstallationHealth health;
  private final boolean open;

  HealthController(InstallationHealth health, Environment environment) {
    this.health = health;
    this.open = !Authentication.isRequired(environment);
  }

  // Here the filter names the caller only if the credentials suffice for the figures.
  @GetMapping(Routes.HEALTH)
  HealthView getHealth(HttpServletRequest request) {
    return HealthView.of(health.report(), open || request.getUserPrincipal() != null);
  }
}
