/** How this server identifies itself to upstreams: access tokens of authorization servers. */
@NullMarked
package dev.longhaul.gateway.auth;

import org.jspecify.annotations.NullMarked;
