/** Tools that compute, for {@code make bench-mcp}; only Longhaul serves them. */
@NullMarked
package dev.longhaul.bench.compute;

import org.jspecify.annotations.NullMarked;
