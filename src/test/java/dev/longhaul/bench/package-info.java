/** The programs of {@code make bench-queue} and {@code make bench-jmh}; see docs/performance.md. */
@NullMarked
package dev.longhaul.bench;

import org.jspecify.annotations.NullMarked;
