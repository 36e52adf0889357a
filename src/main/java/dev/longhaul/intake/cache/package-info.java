/**
 * Answers that are kept: given again to the same call, shared by calls at the same time, forgotten
 * when told so. docs/decisions/0010-caching.md.
 */
@NamedInterface("cache")
@NullMarked
package dev.longhaul.intake.cache;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
