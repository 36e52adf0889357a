/** Another server, to measure beside Longhaul. */
@NullMarked
package dev.longhaul.bench.stock;

import org.jspecify.annotations.NullMarked;
