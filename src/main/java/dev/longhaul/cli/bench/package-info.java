/** The command {@code bench}: how fast a running server answers, measured by a real client. */
@NamedInterface("bench")
@NullMarked
package dev.longhaul.cli.bench;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
