/**
 * The words of the production check: a finding, its verdict, and what a check is. Any room may
 * bring checks of what it knows.
 */
@ApplicationModule(
    displayName = "production",
    allowedDependencies = {})
@NullMarked
package dev.longhaul.production;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
