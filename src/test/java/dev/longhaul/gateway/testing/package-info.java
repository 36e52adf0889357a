/** Upstreams for tests. */
@NullMarked
package dev.longhaul.gateway.testing;

import org.jspecify.annotations.NullMarked;
