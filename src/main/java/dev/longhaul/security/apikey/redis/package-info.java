/** API keys in Redis. */
@NullMarked
package dev.longhaul.security.apikey.redis;

import org.jspecify.annotations.NullMarked;
