/** The command {@code check}. */
@NamedInterface("check")
@NullMarked
package dev.longhaul.cli.check;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
