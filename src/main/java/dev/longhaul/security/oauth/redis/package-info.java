/** What is stored in Redis about authorization servers. */
@NullMarked
package dev.longhaul.security.oauth.redis;

import org.jspecify.annotations.NullMarked;
