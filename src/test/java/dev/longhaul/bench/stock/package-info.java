/** Another server, for comparison with Longhaul. */
@NullMarked
package dev.longhaul.bench.stock;

import org.jspecify.annotations.NullMarked;
