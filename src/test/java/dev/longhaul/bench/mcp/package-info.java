/** The tools served by both JVM servers of {@code make bench-mcp}. */
@NullMarked
package dev.longhaul.bench.mcp;

import org.jspecify.annotations.NullMarked;
