/** The Redis store of the statistics. */
@NullMarked
package dev.longhaul.ops.statistics.redis;

import org.jspecify.annotations.NullMarked;
