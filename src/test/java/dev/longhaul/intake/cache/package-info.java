/** Tests of kept answers. */
@NullMarked
package dev.longhaul.intake.cache;

import org.jspecify.annotations.NullMarked;
