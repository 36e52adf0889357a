/** Batches and chains: submits many jobs at once and shows them as one operation. */
@NamedInterface("flow")
@NullMarked
package dev.longhaul.intake.flow;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
