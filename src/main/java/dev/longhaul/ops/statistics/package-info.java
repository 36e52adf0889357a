/**
 * What operations did in the last hours: how often, how long, how many failed. Each process adds up
 * its own, and writes the sums to the store now and then.
 */
@NamedInterface("statistics")
@NullMarked
package dev.longhaul.ops.statistics;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
