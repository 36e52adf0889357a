/**
 * Batches and chains: the way in for many jobs at once, and how they are shown as one operation.
 */
@NamedInterface("flow")
@NullMarked
package dev.longhaul.intake.flow;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
