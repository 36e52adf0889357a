package dev.longhaul.mcp;

import dev.longhaul.intake.Caller;
import jakarta.servlet.http.HttpServletRequest;

/** Says who sent a request. Declare a bean of this type to decide it otherwise. */
@FunctionalInterface
public interface CallerResolver {
  Caller resolve(HttpServletRequest request);
}
