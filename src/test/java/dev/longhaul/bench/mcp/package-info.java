/** What both servers of {@code make bench-mcp} that run on the JVM serve. */
@NullMarked
package dev.longhaul.bench.mcp;

import org.jspecify.annotations.NullMarked;
