/** Tools that run as jobs, for {@code make bench-mcp}; FastMCP has the same. */
@NullMarked
package dev.longhaul.bench.jobs;

import org.jspecify.annotations.NullMarked;
