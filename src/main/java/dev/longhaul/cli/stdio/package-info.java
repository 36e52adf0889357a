/** The command {@code stdio}. */
@NamedInterface("stdio")
@NullMarked
package dev.longhaul.cli.stdio;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
