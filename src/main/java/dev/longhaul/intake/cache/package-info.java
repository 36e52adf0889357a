/**
 * The result cache: results of calls are used again for equal calls, equal calls at the same time
 * share one run, and results are invalidated on request. docs/decisions/0010-caching.md.
 */
@NamedInterface("cache")
@NullMarked
package dev.longhaul.intake.cache;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
