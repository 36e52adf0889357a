/** A Redis for tests. */
@NullMarked
package dev.longhaul.testsupport.redis;

import org.jspecify.annotations.NullMarked;
