/**
 * Requests to hosts that somebody else named: only to addresses that were checked, and bounded in
 * what may come back.
 */
@ApplicationModule(
    displayName = "outbound",
    allowedDependencies = {})
@NullMarked
package dev.longhaul.outbound;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
