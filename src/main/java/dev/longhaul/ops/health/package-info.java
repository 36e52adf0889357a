/** Whether the installation is healthy, by a few figures of its queue and of the last hour. */
@NamedInterface("health")
@NullMarked
package dev.longhaul.ops.health;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
