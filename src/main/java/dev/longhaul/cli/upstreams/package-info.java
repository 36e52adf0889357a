/** The command {@code upstreams}. */
@NamedInterface("upstreams")
@NullMarked
package dev.longhaul.cli.upstreams;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
