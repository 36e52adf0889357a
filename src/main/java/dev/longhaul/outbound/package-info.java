/**
 * HTTP requests to URLs given by callers: only to checked addresses, with limits on the response.
 */
@ApplicationModule(
    displayName = "outbound",
    allowedDependencies = {"observation"})
@NullMarked
package dev.longhaul.outbound;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
