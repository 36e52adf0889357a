/** Redis stores of the gateway. */
@NullMarked
package dev.longhaul.gateway.redis;

import org.jspecify.annotations.NullMarked;
