/** The command {@code keys}. */
@NamedInterface("keys")
@NullMarked
package dev.longhaul.cli.keys;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
